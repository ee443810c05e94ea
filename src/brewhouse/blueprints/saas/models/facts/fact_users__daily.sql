with

sessions as (
    select
        user_id,
        session_date as activity_date,
        start_time as occurred_at,
        1 as sessions,
        duration_seconds as session_seconds,
        0 as page_views,
        0 as page_seconds,
        0 as feature_interactions,
        0 as feature_uses
    from {{ ref('stg_app_database__user_sessions') }}
    where start_time <= {{ brewhouse_utils.as_of() }}
),

page_views as (
    select
        user_id,
        page_view_date as activity_date,
        page_view_timestamp as occurred_at,
        0 as sessions,
        0 as session_seconds,
        1 as page_views,
        time_on_page_seconds as page_seconds,
        0 as feature_interactions,
        0 as feature_uses
    from {{ ref('stg_app_database__page_views') }}
    where page_view_timestamp <= {{ brewhouse_utils.as_of() }}
),

feature_usage as (
    select
        user_id,
        usage_date as activity_date,
        usage_timestamp as occurred_at,
        0 as sessions,
        0 as session_seconds,
        0 as page_views,
        0 as page_seconds,
        1 as feature_interactions,
        usage_count as feature_uses
    from {{ ref('stg_app_database__feature_usage') }}
    where usage_timestamp <= {{ brewhouse_utils.as_of() }}
),

activities as (
    select * from sessions
    union all
    select * from page_views
    union all
    select * from feature_usage
),

days as (
    select
        user_id,
        activity_date,
        cast(sum(sessions) as integer) as sessions,
        cast(sum(session_seconds) as integer) as session_seconds,
        max(session_seconds) as longest_session_seconds,
        cast(sum(page_views) as integer) as page_views,
        cast(sum(page_seconds) as integer) as page_seconds,
        cast(sum(feature_interactions) as integer) as feature_interactions,
        cast(sum(feature_uses) as integer) as feature_uses,
        max(occurred_at) as last_activity_at
    from activities
    group by user_id, activity_date
)

select
    user_id,
    activity_date,
    sessions,
    session_seconds,
    longest_session_seconds,
    page_views,
    page_seconds,
    feature_interactions,
    feature_uses,
    last_activity_at
from days
