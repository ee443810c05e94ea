{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['_source_file', '_source_row'],
    on_schema_change='fail',
    post_hook="{{ brewhouse_utils.forget_gone_rows("
        ~ "source('app_database', 'app_database_page_views')) }}",
) }}

with

known_user_sessions as (
    select session_id from {{ ref('base_app_database__user_sessions') }}
    where data_quality_flag = 'valid'
),

raw_page_views as {{ brewhouse_utils.read_anew() }} (
    {{ brewhouse_utils.rows_to_judge(
        source('app_database', 'app_database_page_views'),
        raw_key=brewhouse_utils.clean_id('page_view_id'),
        key='page_view_id', parent='session_id', parents='known_user_sessions'
    ) }}
),

parsed as {{ brewhouse_utils.read_anew() }} (
    select
        -- ids
        {{ brewhouse_utils.clean_id('page_view_id') }} as page_view_id,
        {{ brewhouse_utils.clean_id('session_id') }} as session_id,
        {{ brewhouse_utils.clean_id('user_id') }} as user_id,
        {{ brewhouse_utils.clean_id('customer_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_id('page_url') }} as page_url,
        {{ brewhouse_utils.clean_id('page_title') }} as page_title,
        {{ brewhouse_utils.clean_id('referrer_url') }} as referrer_url,
        {{ brewhouse_utils.url_path(brewhouse_utils.clean_id('page_url')) }} as page_path,

        -- numerics
        time_on_page_seconds,

        -- times
        raw_page_views.timestamp as page_view_timestamp,
        created_at as record_created_at,
        created_at > {{ brewhouse_utils.shift(
            'raw_page_views.timestamp', var('late_after_hours'), 'hours'
        ) }} as is_late,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_page_views
),

judged as {{ brewhouse_utils.read_anew() }} (
    select
        parsed.page_view_id,
        parsed.record_created_at,
        parsed._loaded_at,
        parsed._source_file,
        parsed._source_row,
        case
            when parsed.page_view_id is null then 'missing_id'
            when parsed.session_id is null then 'missing_parent'
            when parsed.time_on_page_seconds < 0 then 'invalid_value'
            when parsed.page_view_timestamp > {{ brewhouse_utils.shift(
                'parsed.record_created_at', var('clock_skew_minutes'), 'minutes'
            ) }} then 'clock_skew'
            when known_user_sessions.session_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_user_sessions on parsed.session_id = known_user_sessions.session_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'page_view_id',
        ['record_created_at nulls last', '_loaded_at nulls last']
    ) }}
)

select * from flagged
