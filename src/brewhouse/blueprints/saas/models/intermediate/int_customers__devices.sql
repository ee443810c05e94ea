{%- set as_of = brewhouse_utils.as_of() -%}
{%- set window_start = brewhouse_utils.shift(as_of, -30, 'days') -%}

with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
    where device_created_at <= {{ as_of }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

last_events as (
    select
        device_id,
        max(event_timestamp) as last_event_at
    from {{ ref('stg_app_database__tap_events') }}
    where event_timestamp <= {{ as_of }}
    group by device_id
),

device_downtimes as (
    select
        device_id,
        sum({{ brewhouse_utils.seconds_between(
            'greatest(failed_at, ' ~ window_start ~ ')', 'least(coalesce(ended_at, ' ~ as_of ~ '), ' ~ as_of ~ ')'
        ) }}) as seconds_down
    from {{ ref('fact_devices__downtimes') }}
    where failed_at <= {{ as_of }} and (ended_at is null or ended_at > {{ window_start }})
    group by device_id
),

-- Of each device, how long it was in service within the window, and how long of that it was down.
device_use as (
    select
        devices.account_id,
        devices.device_id,
        {{ brewhouse_utils.seconds_between(
            'greatest(devices.device_created_at, ' ~ window_start ~ ')',
            'least(coalesce(locations.closed_at, ' ~ as_of ~ '), ' ~ as_of ~ ')'
        ) }} as seconds_in_service,
        coalesce(device_downtimes.seconds_down, 0) as seconds_down,
        last_events.last_event_at
    from stg_app_database__devices as devices
    inner join stg_app_database__locations as locations
        on devices.location_id = locations.location_id
    left join device_downtimes
        on devices.device_id = device_downtimes.device_id
    left join last_events
        on devices.device_id = last_events.device_id
)

select
    account_id,
    cast(sum(greatest(seconds_in_service, 0)) as bigint) as device_seconds_30d,
    cast(sum(least(seconds_down, greatest(seconds_in_service, 0))) as bigint)
        as device_seconds_down_30d,
    max(last_event_at) as last_device_activity
from device_use
group by account_id
