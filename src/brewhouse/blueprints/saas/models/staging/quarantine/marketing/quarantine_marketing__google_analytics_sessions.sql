with

raw_google_analytics_sessions as (
    select * from {{ source('marketing', 'google_analytics_sessions') }}
),

base_marketing__google_analytics_sessions as (
    select * from {{ ref('base_marketing__google_analytics_sessions') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_marketing__google_analytics_sessions
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_google_analytics_sessions.date,
        raw_google_analytics_sessions.sessions,
        raw_google_analytics_sessions.users,
        raw_google_analytics_sessions.new_users,
        raw_google_analytics_sessions.page_views,
        raw_google_analytics_sessions.bounce_rate,
        raw_google_analytics_sessions.avg_session_duration,
        raw_google_analytics_sessions.goal_completions,
        raw_google_analytics_sessions.goal_conversion_rate,
        raw_google_analytics_sessions.created_at,
        raw_google_analytics_sessions._source_file,
        raw_google_analytics_sessions._source_row,
        raw_google_analytics_sessions._loaded_at,
        raw_google_analytics_sessions._dlt_load_id,
        rejections.reason
    from raw_google_analytics_sessions
    inner join rejections
        on
            raw_google_analytics_sessions._source_file = rejections._source_file
            and raw_google_analytics_sessions._source_row = rejections._source_row
)

select * from rejected_rows
