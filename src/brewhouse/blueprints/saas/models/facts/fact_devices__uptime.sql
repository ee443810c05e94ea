{%- set windows = windows() -%}

with

fact_devices__service as (
    select * from {{ ref('fact_devices__service') }}
),

fact_devices__downtimes as (
    select * from {{ ref('fact_devices__downtimes') }}
),

service as (
    select
        device_id,
        min(started_at) as first_in_service_at,
        {%- for window, window_start in windows.items() %}
        cast(sum({{ clipped_seconds('started_at', 'ended_at', window_start) }}) as bigint)
            as service_seconds_{{ window }},
        {%- endfor %}
        cast(sum(service_seconds) as bigint) as service_seconds_lifetime
    from fact_devices__service
    group by device_id
),

downtime as (
    select
        device_id,
        {%- for window, window_start in windows.items() %}
        cast(sum({{ clipped_seconds('failed_at', 'ended_at', window_start) }}) as bigint)
            as downtime_seconds_{{ window }},
        {%- endfor %}
        cast(sum(downtime_seconds) as bigint) as downtime_seconds_lifetime,
        {{ brewhouse_utils.count_if('failed_at >= ' ~ windows['30d']) }} as failures_30d,
        count(*) as failures_lifetime
    from fact_devices__downtimes
    group by device_id
)

select
    service.device_id,
    service.first_in_service_at,
    {%- for window in windows.keys() | list + ['lifetime'] %}
    service.service_seconds_{{ window }},
    coalesce(downtime.downtime_seconds_{{ window }}, 0) as downtime_seconds_{{ window }},
    {%- endfor %}
    coalesce(downtime.failures_30d, 0) as failures_30d,
    coalesce(downtime.failures_lifetime, 0) as failures_lifetime
from service
left join downtime on service.device_id = downtime.device_id
