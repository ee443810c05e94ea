with

raw_events as (
    select * from {{ source('stripe', 'stripe_events') }}
),

base_stripe__events as (
    select * from {{ ref('base_stripe__events') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__events
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_events.id,
        raw_events.object,
        raw_events.api_version,
        raw_events.created,
        raw_events.data,
        raw_events.livemode,
        raw_events.pending_webhooks,
        raw_events.request,
        raw_events.type,
        raw_events.created_at,
        raw_events._source_file,
        raw_events._source_row,
        raw_events._loaded_at,
        raw_events._dlt_load_id,
        rejections.reason
    from raw_events
    inner join rejections
        on
            raw_events._source_file = rejections._source_file
            and raw_events._source_row = rejections._source_row
)

select * from rejected_rows
