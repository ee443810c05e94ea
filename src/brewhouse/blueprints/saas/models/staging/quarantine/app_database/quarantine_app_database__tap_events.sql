with

raw_tap_events as (
    select * from {{ source('app_database', 'app_database_tap_events') }}
),

base_tap_events as (
    select * from {{ ref('base_app_database__tap_events') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_tap_events
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_tap_events.id,
        raw_tap_events.device_id,
        raw_tap_events.location_id,
        raw_tap_events.timestamp,
        raw_tap_events.event_type,
        raw_tap_events.status,
        raw_tap_events.metrics,
        raw_tap_events.device_category,
        raw_tap_events.created_at,
        raw_tap_events._source_file,
        raw_tap_events._source_row,
        raw_tap_events._loaded_at,
        raw_tap_events._dlt_load_id,
        rejections.reason
    from raw_tap_events
    inner join rejections
        on
            raw_tap_events._source_file = rejections._source_file
            and raw_tap_events._source_row = rejections._source_row
)

select * from rejected_rows
