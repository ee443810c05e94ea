{%- set windows = windows() -%}

with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
    where device_created_at <= {{ brewhouse_utils.as_of() }}
),

fact_devices__service as (
    select * from {{ ref('fact_devices__service') }}
),

fact_devices__downtimes as (
    select * from {{ ref('fact_devices__downtimes') }}
),

service as (
    select
        device_id,
        {{ brewhouse_utils.count_if('ended_at is null') }} as devices_in_service,
        {%- for window, window_start in windows.items() %}
        cast(sum(
            {{ clipped_seconds('started_at', 'ended_at', window_start, epoch()) }}
        ) as bigint) as service_seconds_{{ window }},
        {%- endfor %}
        cast(sum(service_seconds) as bigint) as service_seconds_lifetime
    from fact_devices__service
    group by device_id
),

downtime as (
    select
        device_id,
        {%- for window, window_start in windows.items() %}
        cast(sum(
            {{ clipped_seconds('failed_at', 'ended_at', window_start, 'failed_at') }}
        ) as bigint) as downtime_seconds_{{ window }},
        {%- endfor %}
        cast(sum(downtime_seconds) as bigint) as downtime_seconds_lifetime,
        {{ brewhouse_utils.count_if('failed_at >= ' ~ windows['30d']) }} as failures_30d,
        count(*) as failures_lifetime
    from fact_devices__downtimes
    group by device_id
)

select
    stg_app_database__devices.device_id,
    {%- for window in windows.keys() | list + ['lifetime'] %}
    coalesce(service.service_seconds_{{ window }}, 0) as service_seconds_{{ window }},
    coalesce(downtime.downtime_seconds_{{ window }}, 0) as downtime_seconds_{{ window }},
    {%- endfor %}
    coalesce(service.devices_in_service, 0) as devices_in_service,
    coalesce(downtime.failures_30d, 0) as failures_30d,
    coalesce(downtime.failures_lifetime, 0) as failures_lifetime
from stg_app_database__devices
left join service on stg_app_database__devices.device_id = service.device_id
left join downtime on stg_app_database__devices.device_id = downtime.device_id
