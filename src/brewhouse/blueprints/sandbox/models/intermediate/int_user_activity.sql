with

stg_users as (
    select * from {{ ref('stg_users') }}
),

stg_events as (
    select * from {{ ref('stg_events') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

user_events as (
    select
        user_id,
        count(*) as total_events,
        count(distinct event_date) as active_days,
        {{ brewhouse_utils.count_if("event_type = 'pageview'") }} as pageviews,
        {{ brewhouse_utils.count_if("event_type = 'purchase'") }} as purchase_events,
        {{ brewhouse_utils.count_if("event_type = 'login'") }} as login_events,
        -- A session bears the id of its first event: counting those is counting sessions.
        {{ brewhouse_utils.count_if("event_id = session_id") }} as total_sessions,
        min(event_timestamp) as first_event_at,
        max(event_timestamp) as last_event_at
    from stg_events
    group by user_id
),

user_counts as (
    select
        stg_users.user_id,
        stg_users.created_at,
        stg_users.country_code,
        stg_users.referrer_source,
        stg_users.signup_date,
        coalesce(user_events.total_events, 0) as total_events,
        coalesce(user_events.active_days, 0) as active_days,
        coalesce(user_events.pageviews, 0) as pageviews,
        coalesce(user_events.purchase_events, 0) as purchase_events,
        coalesce(user_events.login_events, 0) as login_events,
        coalesce(user_events.total_sessions, 0) as total_sessions,
        user_events.first_event_at,
        user_events.last_event_at,
        {{ brewhouse_utils.date_diff_days('user_events.last_event_at', 'clock.as_of') }}
            as days_since_last_activity
    from stg_users
    cross join clock
    left join user_events on stg_users.user_id = user_events.user_id
),

user_activity as (
    select
        user_id,
        created_at,
        country_code,
        referrer_source,
        signup_date,
        total_events,
        active_days,
        pageviews,
        purchase_events,
        login_events,
        total_sessions,
        {{ brewhouse_utils.ratio_or_zero('total_events', 'active_days') }}
            as avg_events_per_active_day,
        {{ brewhouse_utils.ratio_or_zero('total_events', 'total_sessions') }}
            as avg_events_per_session,
        {{ brewhouse_utils.ratio_or_zero('purchase_events', 'pageviews') }}
            as purchase_conversion_rate,
        first_event_at,
        last_event_at,
        days_since_last_activity,
        case
            when total_events = 0 or total_events < {{ var('min_user_events') }} then 'inactive'
            when days_since_last_activity > {{ var('dormant_after_days') }} then 'dormant'
            when
                total_events >= {{ var('active_user_min_events') }}
                and active_days >= {{ var('active_user_min_days') }}
                then 'active'
            when total_events >= {{ var('engaged_user_min_events') }} then 'engaged'
            else 'new'
        end as user_lifecycle_stage,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at
    from user_counts
)

select * from user_activity
