with

stg_app_database__tap_events as (
    select * from {{ ref('stg_app_database__tap_events') }}
    where event_timestamp <= {{ brewhouse_utils.as_of() }}
),

fact_devices__states as (
    select * from {{ ref('fact_devices__states') }}
),

fact_devices__boundary_hours as (
    select * from {{ ref('fact_devices__boundary_hours') }}
),

fact_devices__downtime_hours as (
    select * from {{ ref('fact_devices__downtime_hours') }}
),

event_hours as (
    select
        device_id,
        date_trunc('hour', event_timestamp) as hour_timestamp,
        count(*) as total_events
    from stg_app_database__tap_events
    group by device_id, date_trunc('hour', event_timestamp)
),

state_hours as (
    select
        device_id,
        date_trunc('hour', changed_at) as hour_timestamp,
        {{ brewhouse_utils.last_by('operational_status', ['changed_at']) }} as operational_status
    from fact_devices__states
    group by device_id, date_trunc('hour', changed_at)
),

hours as (
    select
        coalesce(event_hours.device_id, state_hours.device_id) as device_id,
        coalesce(event_hours.hour_timestamp, state_hours.hour_timestamp) as hour_timestamp,
        coalesce(event_hours.total_events, 0) as total_events,
        state_hours.operational_status as changed_status
    from event_hours
    full outer join state_hours
        on
            event_hours.device_id = state_hours.device_id
            and event_hours.hour_timestamp = state_hours.hour_timestamp
),

standing as (
    select
        device_id,
        hour_timestamp,
        total_events,
        cast(sum(total_events) over (partition by device_id order by hour_timestamp) as bigint)
            as total_events_lifetime,
        {{ brewhouse_utils.last_known('changed_status', 'device_id', ['hour_timestamp']) }}
            as operational_status
    from hours
)

-- An hour in which no stretch of service begins or ends lies within one, or in none.
select
    standing.device_id,
    standing.hour_timestamp,
    standing.operational_status,
    standing.total_events,
    standing.total_events_lifetime,
    coalesce(
        fact_devices__boundary_hours.service_seconds,
        case when standing.operational_status = 'retired' then 0 else 3600 end
    ) as service_seconds,
    coalesce(fact_devices__downtime_hours.downtime_seconds, 0) as downtime_seconds
from standing
left join fact_devices__boundary_hours
    on
        standing.device_id = fact_devices__boundary_hours.device_id
        and standing.hour_timestamp = fact_devices__boundary_hours.hour_timestamp
left join fact_devices__downtime_hours
    on
        standing.device_id = fact_devices__downtime_hours.device_id
        and standing.hour_timestamp = fact_devices__downtime_hours.hour_timestamp
