with

raw_engagements as (
    select * from {{ source('hubspot', 'hubspot_engagements') }}
),

base_hubspot__engagements as (
    select * from {{ ref('base_hubspot__engagements') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_hubspot__engagements
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_engagements.id,
        raw_engagements.engagement,
        raw_engagements.associations,
        raw_engagements.metadata,
        raw_engagements.createdat,
        raw_engagements.updatedat,
        raw_engagements.created_at,
        raw_engagements._source_file,
        raw_engagements._source_row,
        raw_engagements._loaded_at,
        raw_engagements._dlt_load_id,
        rejections.reason
    from raw_engagements
    inner join rejections
        on
            raw_engagements._source_file = rejections._source_file
            and raw_engagements._source_row = rejections._source_row
)

select * from rejected_rows
