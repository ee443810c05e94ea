with

raw_events as (
    select * from {{ source('raw', 'raw_events') }}
),

base_events as (
    select * from {{ ref('base_events') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_events
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_events.event_id,
        raw_events.user_id,
        raw_events.event_type,
        raw_events.timestamp,
        raw_events.utm_source,
        raw_events.received_at,
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
