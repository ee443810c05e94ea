with

raw_iterable_campaigns as (
    select * from {{ source('marketing', 'iterable_campaigns') }}
),

base_marketing__iterable_campaigns as (
    select * from {{ ref('base_marketing__iterable_campaigns') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_marketing__iterable_campaigns
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_iterable_campaigns.id,
        raw_iterable_campaigns.name,
        raw_iterable_campaigns.campaign_type,
        raw_iterable_campaigns.status,
        raw_iterable_campaigns.created_at_source,
        raw_iterable_campaigns.updated_at_source,
        raw_iterable_campaigns.start_at,
        raw_iterable_campaigns.ended_at,
        raw_iterable_campaigns.send_size,
        raw_iterable_campaigns.message_medium,
        raw_iterable_campaigns.labels,
        raw_iterable_campaigns.created_at,
        raw_iterable_campaigns._source_file,
        raw_iterable_campaigns._source_row,
        raw_iterable_campaigns._loaded_at,
        raw_iterable_campaigns._dlt_load_id,
        rejections.reason
    from raw_iterable_campaigns
    inner join rejections
        on
            raw_iterable_campaigns._source_file = rejections._source_file
            and raw_iterable_campaigns._source_row = rejections._source_row
)

select * from rejected_rows
