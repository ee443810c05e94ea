with

stg_events as (
    select * from {{ ref('stg_events') }}
),

session_sums as (
    select
        user_id,
        session_id,
        min(event_timestamp) as session_start,
        max(event_timestamp) as session_end,
        count(*) as events_in_session,
        count(distinct event_type) as unique_event_types,
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
        user_id,
        session_id,
        session_start,
        session_end,
        events_in_session,
        unique_event_types,
        {{ brewhouse_utils.minutes_between('session_start', 'session_end') }}
            as session_duration_minutes,
        pageviews_in_session,
        purchases_in_session,
        case
            when purchases_in_session > 0 then 'converted'
            when events_in_session >= 5 then 'engaged'
            when events_in_session >= 2 then 'browsed'
            else 'bounced'
        end as session_outcome,
        first_event_type,
        last_event_type,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at
    from session_sums
)

select * from event_sessions
