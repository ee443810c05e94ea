{{ config(enabled=var('simulated')) }}

with

user_metrics as (
    select * from {{ ref('user_metrics') }}
),

truth_sessions as (
    select * from {{ source('truth', 'sessions') }}
),

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

lost_events as (
    select
        user_id,
        occurred_at
    from dirt
    where
        table_name = 'events'
        and kind not in ('late', 'messy_text', 'exact_duplicate', 'near_duplicate')
),

-- No two neighbouring events are both lost, so only a session of one event can vanish.
vanished_sessions as (
    select
        truth_sessions.user_id,
        truth_sessions.session_number
    from truth_sessions
    inner join lost_events
        on
            truth_sessions.user_id = lost_events.user_id
            and truth_sessions.started_at = lost_events.occurred_at
    where truth_sessions.events = 1
),

expected as (
    select
        truth_sessions.user_id,
        count(*) - count(vanished_sessions.user_id) as total_sessions
    from truth_sessions
    left join vanished_sessions
        on
            truth_sessions.user_id = vanished_sessions.user_id
            and truth_sessions.session_number = vanished_sessions.session_number
    group by truth_sessions.user_id
),

differences as (
    select
        expected.user_id,
        expected.total_sessions as expected_sessions,
        user_metrics.total_sessions as found_sessions
    from expected
    left join user_metrics on expected.user_id = user_metrics.user_id
    where
        user_metrics.user_id is null
        or expected.total_sessions <> user_metrics.total_sessions
)

select * from differences
