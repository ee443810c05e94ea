with

raw_user_sessions as (
    select * from {{ source('app_database', 'app_database_user_sessions') }}
),

base_user_sessions as (
    select * from {{ ref('base_app_database__user_sessions') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_user_sessions
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_user_sessions.session_id,
        raw_user_sessions.user_id,
        raw_user_sessions.customer_id,
        raw_user_sessions.start_time,
        raw_user_sessions.end_time,
        raw_user_sessions.duration_seconds,
        raw_user_sessions.page_views,
        raw_user_sessions.actions_taken,
        raw_user_sessions.device_type,
        raw_user_sessions.browser,
        raw_user_sessions.created_at,
        raw_user_sessions._source_file,
        raw_user_sessions._source_row,
        raw_user_sessions._loaded_at,
        raw_user_sessions._dlt_load_id,
        rejections.reason
    from raw_user_sessions
    inner join rejections
        on
            raw_user_sessions._source_file = rejections._source_file
            and raw_user_sessions._source_row = rejections._source_row
)

select * from rejected_rows
