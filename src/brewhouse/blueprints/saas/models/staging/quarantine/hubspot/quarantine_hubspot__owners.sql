with

raw_owners as (
    select * from {{ source('hubspot', 'hubspot_owners') }}
),

base_hubspot__owners as (
    select * from {{ ref('base_hubspot__owners') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_hubspot__owners
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_owners.id,
        raw_owners.email,
        raw_owners.firstname,
        raw_owners.lastname,
        raw_owners.userid,
        raw_owners.createdat,
        raw_owners.updatedat,
        raw_owners.archived,
        raw_owners.created_at,
        raw_owners._source_file,
        raw_owners._source_row,
        raw_owners._loaded_at,
        raw_owners._dlt_load_id,
        rejections.reason
    from raw_owners
    inner join rejections
        on
            raw_owners._source_file = rejections._source_file
            and raw_owners._source_row = rejections._source_row
)

select * from rejected_rows
