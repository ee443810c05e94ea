{%- set texts = var('tap_metric_texts') -%}
{%- set decimals = var('tap_metric_decimals') -%}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['_source_file', '_source_row'],
    on_schema_change='fail',
    post_hook="{{ brewhouse_utils.forget_gone_rows("
        ~ "source('app_database', 'app_database_tap_events')) }}",
) }}

with

known_devices as (
    select device_id from {{ ref('base_app_database__devices') }}
    where data_quality_flag = 'valid'
),

raw_tap_events as {{ brewhouse_utils.read_anew() }} (
    {{ brewhouse_utils.rows_to_judge(
        source('app_database', 'app_database_tap_events'),
        raw_key=brewhouse_utils.clean_id('id'),
        key='tap_event_id', parent='device_id', parents='known_devices'
    ) }}
),

opened as {{ brewhouse_utils.read_anew() }} (
    select
        raw_tap_events.*,
        {{ brewhouse_utils.json_record('metrics', texts, decimals) }} as record,
        metrics is not null
        and {{ brewhouse_utils.valid_json('metrics') }} is null as is_broken
    from raw_tap_events
),

parsed as {{ brewhouse_utils.read_anew() }} (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as tap_event_id,
        {{ brewhouse_utils.clean_id('device_id') }} as device_id,
        {{ brewhouse_utils.clean_id('location_id') }} as location_id,

        -- text
        {{ brewhouse_utils.clean_text('event_type') }} as event_type,
        {{ brewhouse_utils.clean_text('status') }} as event_status,
        {{ brewhouse_utils.clean_text('device_category') }} as device_category,
        {%- for key, column in texts.items() %}
        {{ brewhouse_utils.record_text('record', key) }} as {{ column }},
        {%- endfor %}

        -- numerics
        {%- for key, column in decimals.items() %}
        {{ brewhouse_utils.record_decimal('record', key) }} as {{ column }},
        {%- endfor %}

        -- times
        opened.timestamp as event_timestamp,
        created_at as record_created_at,
        created_at > {{ brewhouse_utils.shift(
            'opened.timestamp', var('late_after_hours'), 'hours'
        ) }} as is_late,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from opened
),

judged as {{ brewhouse_utils.read_anew() }} (
    select
        {{ brewhouse_utils.clean_id('opened.id') }} as tap_event_id,
        opened.created_at as record_created_at,
        opened._loaded_at,
        opened._source_file,
        opened._source_row,
        case
            when {{ brewhouse_utils.clean_id('opened.id') }} is null then 'missing_id'
            when {{ brewhouse_utils.clean_id('opened.device_id') }} is null then 'missing_parent'
            when opened.is_broken then 'broken_json'
            when opened.timestamp > {{ brewhouse_utils.shift(
                'opened.created_at', var('clock_skew_minutes'), 'minutes'
            ) }} then 'clock_skew'
            when known_devices.device_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from opened
    left join known_devices
        on {{ brewhouse_utils.clean_id('opened.device_id') }} = known_devices.device_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'tap_event_id',
        ['record_created_at nulls last', '_loaded_at nulls last']
    ) }}
)

select * from flagged
