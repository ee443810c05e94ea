with

fact_devices__service as (
    select * from {{ ref('fact_devices__service') }}
),

stg_app_database__tap_events as (
    select * from {{ ref('stg_app_database__tap_events') }}
    where event_timestamp <= {{ brewhouse_utils.as_of() }}
),

stops_and_returns as (
    select
        device_id,
        event_timestamp,
        event_type = 'alert' as is_stop
    from stg_app_database__tap_events
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

-- A device out of service is not down: nothing is expected of it.
downtimes as (
    select
        fact_devices__service.device_id,
        fact_devices__service.location_id,
        fact_devices__service.account_id,
        followed.event_timestamp as failed_at,
        followed.next_is_stop,
        case
            when
                followed.next_at is null
                or followed.next_at > fact_devices__service.ended_at
                then fact_devices__service.ended_at
            else followed.next_at
        end as ended_at,
        followed.next_at
    from followed
    inner join fact_devices__service
        on
            followed.device_id = fact_devices__service.device_id
            and followed.event_timestamp >= fact_devices__service.started_at
            and (
                followed.event_timestamp < fact_devices__service.ended_at
                or fact_devices__service.ended_at is null
            )
    where followed.is_stop
),

first_visits as (
    select
        downtimes.device_id,
        downtimes.failed_at,
        min(stg_app_database__tap_events.event_timestamp) as maintained_at
    from downtimes
    inner join stg_app_database__tap_events
        on
            downtimes.device_id = stg_app_database__tap_events.device_id
            and downtimes.failed_at < stg_app_database__tap_events.event_timestamp
            and stg_app_database__tap_events.event_timestamp
            < coalesce(downtimes.ended_at, {{ forever() }})
    where stg_app_database__tap_events.event_type = 'maintenance'
    group by downtimes.device_id, downtimes.failed_at
)

select
    downtimes.device_id,
    downtimes.location_id,
    downtimes.account_id,
    downtimes.failed_at,
    first_visits.maintained_at,
    case
        when not downtimes.next_is_stop and downtimes.next_at = downtimes.ended_at
            then downtimes.next_at
    end as back_at,
    downtimes.ended_at,
    {{ brewhouse_utils.seconds_between(
        'downtimes.failed_at', 'coalesce(downtimes.ended_at, ' ~ brewhouse_utils.as_of() ~ ')'
    ) }} as downtime_seconds
from downtimes
left join first_visits
    on
        downtimes.device_id = first_visits.device_id
        and downtimes.failed_at = first_visits.failed_at
