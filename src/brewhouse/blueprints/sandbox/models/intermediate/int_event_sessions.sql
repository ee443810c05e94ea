with

stg_events as (
    select * from {{ ref('stg_events') }}
),

-- Counted in two steps: a distinct count per group takes four times as long.
session_event_types as (
    select
        session_id,
        event_type
    from stg_events
    group by session_id, event_type
),

session_variety as (
    select
        session_id,
        count(event_type) as unique_event_types
    from session_event_types
    group by session_id
),

session_sums as (
    select
        user_id,
        session_id,
        min(event_timestamp) as session_start,
        max(event_timestamp) as session_end,
        count(*) as events_in_session,
        {{ brewhouse_utils.count_if("event_type = 'pageview'") }} as pageviews_in_session,
        {{ brewhouse_utils.count_if("event_type = 'purchase'") }} as purchases_in_session,
        {{ brewhouse_utils.first_by('event_type', ['event_timestamp', 'event_id']) }}
            as first_event_type,
        {{ brewhouse_utils.last_by('event_type', ['event_timestamp', 'event_id']) }}
            as last_event_type
    from stg_events
    group by user_id, session_id
),

event_sessions as (
    select
        session_sums.user_id,
        session_sums.session_id,
        session_sums.session_start,
        session_sums.session_end,
        session_sums.events_in_session,
        session_variety.unique_event_types,
        {{ brewhouse_utils.minutes_between(
            'session_sums.session_start', 'session_sums.session_end'
        ) }} as session_duration_minutes,
        session_sums.pageviews_in_session,
        session_sums.purchases_in_session,
        case
            when session_sums.purchases_in_session > 0 then 'converted'
            when session_sums.events_in_session >= 5 then 'engaged'
            when session_sums.events_in_session >= 2 then 'browsed'
            else 'bounced'
        end as session_outcome,
        session_sums.first_event_type,
        session_sums.last_event_type,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at
    from session_sums
    inner join session_variety on session_sums.session_id = session_variety.session_id
)

select * from event_sessions
