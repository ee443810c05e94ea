with

base_marketing__google_analytics_sessions as (
    select * from {{ ref('base_marketing__google_analytics_sessions') }}
),

valid_days as (
    select
        -- the day
        session_date,

        -- numerics
        sessions,
        users,
        new_users,
        page_views,
        bounce_rate,
        avg_session_duration_seconds,
        goal_completions,
        goal_conversion_rate,
        {{ brewhouse_utils.ratio('new_users', 'users') }} as new_user_rate,
        {{ brewhouse_utils.ratio('page_views', 'sessions', 2) }} as pages_per_session,

        -- times
        created_at,

        -- bookkeeping
        _loaded_at,
        _source_file,
        _source_row
    from base_marketing__google_analytics_sessions
    where data_quality_flag = 'valid'
)

select * from valid_days
