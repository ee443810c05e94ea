with

fact_devices__downtimes as (
    select
        device_id,
        location_id,
        failed_at,
        coalesce(ended_at, {{ brewhouse_utils.as_of() }}) as down_until
    from {{ ref('fact_devices__downtimes') }}
),

touched_hours as (
    {{ brewhouse_utils.hours(
        'fact_devices__downtimes', ['device_id', 'location_id', 'failed_at', 'down_until'],
        'failed_at', 'down_until'
    ) }}
),

-- Differences of whole seconds since the failure, so that the parts add up to the whole.
parts as (
    select
        device_id,
        location_id,
        hour_start,
        {{ brewhouse_utils.seconds_between(
            'failed_at', 'least(down_until, ' ~ brewhouse_utils.shift('hour_start', 1, 'hours') ~ ')'
        ) }}
        - {{ brewhouse_utils.seconds_between('failed_at', 'greatest(failed_at, hour_start)') }}
            as downtime_seconds
    from touched_hours
)

select
    device_id,
    location_id,
    hour_start as hour_timestamp,
    cast(sum(downtime_seconds) as bigint) as downtime_seconds
from parts
group by device_id, location_id, hour_start
having sum(downtime_seconds) > 0
