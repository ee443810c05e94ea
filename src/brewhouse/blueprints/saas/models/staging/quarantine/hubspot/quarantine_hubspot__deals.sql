with

raw_deals as (
    select * from {{ source('hubspot', 'hubspot_deals') }}
),

base_hubspot__deals as (
    select * from {{ ref('base_hubspot__deals') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_hubspot__deals
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_deals.id,
        raw_deals.properties,
        raw_deals.associations,
        raw_deals.dealname,
        raw_deals.amount,
        raw_deals.dealstage,
        raw_deals.pipeline,
        raw_deals.closedate,
        raw_deals.createdat,
        raw_deals.updatedat,
        raw_deals.archived,
        raw_deals.created_at,
        raw_deals._source_file,
        raw_deals._source_row,
        raw_deals._loaded_at,
        raw_deals._dlt_load_id,
        rejections.reason
    from raw_deals
    inner join rejections
        on
            raw_deals._source_file = rejections._source_file
            and raw_deals._source_row = rejections._source_row
)

select * from rejected_rows
