with

stg_users as (
    select * from {{ ref('stg_users') }}
),

stg_events as (
    select * from {{ ref('stg_events') }}
),

first_events as (
    select
        user_id,
        min(case when event_type = 'signup' then event_timestamp end) as first_signup_at,
        min(case when event_type <> 'signup' then event_timestamp end) as first_other_event_at
    from stg_events
    group by user_id
),

broken_sequences as (
    select
        stg_users.user_id,
        first_events.first_signup_at,
        first_events.first_other_event_at
    from stg_users
    left join first_events on stg_users.user_id = first_events.user_id
    where
        first_events.first_signup_at is null
        or first_events.first_other_event_at < first_events.first_signup_at
)

select * from broken_sequences
