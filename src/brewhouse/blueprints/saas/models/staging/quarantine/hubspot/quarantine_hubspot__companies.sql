with

raw_companies as (
    select * from {{ source('hubspot', 'hubspot_companies') }}
),

base_hubspot__companies as (
    select * from {{ ref('base_hubspot__companies') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_hubspot__companies
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_companies.id,
        raw_companies.properties,
        raw_companies.name,
        raw_companies.business_type,
        raw_companies.location_count,
        raw_companies.created_date,
        raw_companies.createdat,
        raw_companies.updatedat,
        raw_companies.archived,
        raw_companies.created_at,
        raw_companies._source_file,
        raw_companies._source_row,
        raw_companies._loaded_at,
        raw_companies._dlt_load_id,
        rejections.reason
    from raw_companies
    inner join rejections
        on
            raw_companies._source_file = rejections._source_file
            and raw_companies._source_row = rejections._source_row
)

select * from rejected_rows
