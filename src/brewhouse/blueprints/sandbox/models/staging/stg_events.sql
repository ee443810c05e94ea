{#- A table, unlike its siblings: windows sort all events, and many models read the result. -#}
{{ config(materialized='table') }}

with

base_events as (
    select * from {{ ref('base_events') }}
),

valid_events as (
    select * from base_events
    where data_quality_flag = 'valid'
),

-- The windows carry these three columns only; sorting whole rows costs twice the time.
gaps as (
    select
        event_id,
        user_id,
        event_timestamp,
        lag(event_timestamp) over (
            partition by user_id
            order by event_timestamp, event_id
        ) as previous_timestamp
    from valid_events
),

session_starts as (
    select
        *,
        case
            when previous_timestamp is null then event_id
            when event_timestamp > {{ brewhouse_utils.shift(
                'previous_timestamp', var('session_timeout_minutes'), 'minutes'
            ) }} then event_id
            else null
        end as opened_session_id
    from gaps
),

event_sessions as (
    select
        event_id,
        {{ brewhouse_utils.last_known(
            'opened_session_id', 'user_id', ['event_timestamp', 'event_id']
        ) }} as session_id
    from session_starts
),

categorised as (
    select
        -- ids
        valid_events.event_id,
        valid_events.user_id,

        -- text
        valid_events.event_type,

        -- times
        valid_events.event_timestamp,

        -- where from and what for
        valid_events.utm_source,
        case
            when valid_events.event_type
                in ({{ brewhouse_utils.sql_list(var('authentication_event_types')) }})
                then 'authentication'
            when valid_events.event_type
                in ({{ brewhouse_utils.sql_list(var('engagement_event_types')) }})
                then 'engagement'
            when valid_events.event_type
                in ({{ brewhouse_utils.sql_list(var('conversion_event_types')) }})
                then 'conversion'
            else 'other'
        end as event_category,

        -- parts of the time
        cast(valid_events.event_timestamp as date) as event_date,
        cast(extract(hour from valid_events.event_timestamp) as bigint) as event_hour,
        {{ brewhouse_utils.day_of_week('valid_events.event_timestamp') }} as day_of_week,

        event_sessions.session_id,
        valid_events.data_quality_flag,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at,

        -- beyond the published columns
        valid_events.received_at,
        valid_events.is_late,
        valid_events._source_file,
        valid_events._source_row
    from valid_events
    inner join event_sessions on valid_events.event_id = event_sessions.event_id
)

select * from categorised
