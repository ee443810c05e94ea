{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['_source_file', '_source_row'],
    on_schema_change='fail',
    post_hook="{{ brewhouse_utils.forget_gone_rows("
        ~ "source('app_database', 'app_database_user_sessions')) }}",
) }}

with

known_users as (
    select user_id from {{ ref('base_app_database__users') }}
    where data_quality_flag = 'valid'
),

raw_user_sessions as {{ brewhouse_utils.read_anew() }} (
    {{ brewhouse_utils.rows_to_judge(
        source('app_database', 'app_database_user_sessions'),
        raw_key=brewhouse_utils.clean_id('session_id'),
        key='session_id', parent='user_id', parents='known_users'
    ) }}
),

parsed as {{ brewhouse_utils.read_anew() }} (
    select
        -- ids
        {{ brewhouse_utils.clean_id('session_id') }} as session_id,
        {{ brewhouse_utils.clean_id('user_id') }} as user_id,
        {{ brewhouse_utils.clean_id('customer_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_text('device_type') }} as device_type,
        {{ brewhouse_utils.clean_text('browser') }} as browser,

        -- numerics
        duration_seconds,
        page_views,
        actions_taken,

        -- times
        start_time,
        end_time,
        created_at as record_created_at,
        created_at > {{ brewhouse_utils.shift(
            'start_time', var('late_after_hours'), 'hours'
        ) }} as is_late,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_user_sessions
),

judged as {{ brewhouse_utils.read_anew() }} (
    select
        parsed.session_id,
        parsed.record_created_at,
        parsed._loaded_at,
        parsed._source_file,
        parsed._source_row,
        case
            when parsed.session_id is null then 'missing_id'
            when parsed.user_id is null then 'missing_parent'
            when parsed.end_time < parsed.start_time then 'invalid_value'
            when parsed.start_time > {{ brewhouse_utils.shift(
                'parsed.record_created_at', var('clock_skew_minutes'), 'minutes'
            ) }} then 'clock_skew'
            when known_users.user_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_users on parsed.user_id = known_users.user_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'session_id',
        ['record_created_at nulls last', '_loaded_at nulls last']
    ) }}
)

select * from flagged
