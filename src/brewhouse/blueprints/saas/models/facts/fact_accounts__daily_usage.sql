with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

stg_app_database__tap_events as (
    select * from {{ ref('stg_app_database__tap_events') }}
    where event_timestamp <= {{ brewhouse_utils.as_of() }}
),

stg_app_database__user_sessions as (
    select * from {{ ref('stg_app_database__user_sessions') }}
    where start_time <= {{ brewhouse_utils.as_of() }}
),

usage_counts as (
    select
        stg_app_database__devices.account_id,
        stg_app_database__tap_events.event_date as used_on,
        count(*) as device_events,
        0 as sessions
    from stg_app_database__tap_events
    inner join stg_app_database__devices
        on stg_app_database__tap_events.device_id = stg_app_database__devices.device_id
    group by stg_app_database__devices.account_id, stg_app_database__tap_events.event_date
    union all
    select
        account_id,
        session_date as used_on,
        0 as device_events,
        count(*) as sessions
    from stg_app_database__user_sessions
    group by account_id, session_date
)

select
    account_id,
    used_on,
    cast(sum(device_events) as integer) as device_events,
    cast(sum(sessions) as integer) as sessions
from usage_counts
group by account_id, used_on
