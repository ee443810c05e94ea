{%- set next_hour = brewhouse_utils.shift('hours.hour_timestamp', 1, 'hours') -%}

with

fact_devices__service as (
    select * from {{ ref('fact_devices__service') }}
),

hours as (
    select
        device_id,
        date_trunc('hour', started_at) as hour_timestamp
    from fact_devices__service
    union
    select
        device_id,
        date_trunc('hour', coalesce(ended_at, {{ brewhouse_utils.as_of() }})) as hour_timestamp
    from fact_devices__service
),

served as (
    select
        hours.device_id,
        hours.hour_timestamp,
        greatest(fact_devices__service.started_at, hours.hour_timestamp) as served_from,
        least(
            coalesce(fact_devices__service.ended_at, {{ brewhouse_utils.as_of() }}), {{ next_hour }}
        ) as served_until
    from hours
    inner join fact_devices__service on hours.device_id = fact_devices__service.device_id
)

select
    device_id,
    hour_timestamp,
    cast(sum(
        greatest({{ brewhouse_utils.seconds_between('served_from', 'served_until') }}, 0)
    ) as bigint) as service_seconds
from served
group by device_id, hour_timestamp
