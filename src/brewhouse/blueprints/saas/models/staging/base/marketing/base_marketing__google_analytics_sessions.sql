with

raw_google_analytics_sessions as (
    select * from {{ source('marketing', 'google_analytics_sessions') }}
),

parsed as (
    select
        -- the day
        raw_google_analytics_sessions.date as session_date,

        -- numerics
        cast(sessions as bigint) as sessions,
        cast(users as bigint) as users,  -- noqa: RF04
        cast(new_users as bigint) as new_users,
        cast(page_views as bigint) as page_views,
        bounce_rate,
        avg_session_duration as avg_session_duration_seconds,
        cast(goal_completions as bigint) as goal_completions,
        goal_conversion_rate,

        -- times
        created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_google_analytics_sessions
),

judged as (
    select
        session_date,
        created_at,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when session_date is null then 'missing_id'
            else 'valid'
        end as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'session_date',
        ['created_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
