with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

stops_and_returns as (
    select
        device_id,
        event_timestamp,
        event_type = 'alert' as is_stop
    from {{ ref('stg_app_database__tap_events') }}
    where
        event_type = 'alert' and alert_kind = 'offline'
        or event_type = 'status' and device_state = 'online'
),

-- What follows a stop is the return, or the next stop if the return was never heard of.
followed as (
    select
        *,
        lead(event_timestamp) over (
            partition by device_id order by event_timestamp, is_stop
        ) as next_at,
        lead(is_stop) over (
            partition by device_id order by event_timestamp, is_stop
        ) as next_is_stop
    from stops_and_returns
),

downtimes as (
    select
        followed.device_id,
        stg_app_database__devices.location_id,
        stg_app_database__devices.account_id,
        followed.event_timestamp as failed_at,
        case when not followed.next_is_stop then followed.next_at end as back_at,
        coalesce(followed.next_at, stg_app_database__locations.closed_at) as ended_at
    from followed
    inner join stg_app_database__devices
        on followed.device_id = stg_app_database__devices.device_id
    inner join stg_app_database__locations
        on stg_app_database__devices.location_id = stg_app_database__locations.location_id
    where followed.is_stop
)

select
    device_id,
    location_id,
    account_id,
    failed_at,
    back_at,
    ended_at,
    {{ brewhouse_utils.seconds_between('failed_at', 'coalesce(ended_at, ' ~ brewhouse_utils.as_of() ~ ')') }}
        as downtime_seconds
from downtimes
