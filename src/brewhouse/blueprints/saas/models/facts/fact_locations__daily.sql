with

fact_devices__daily as (
    select * from {{ ref('fact_devices__daily') }}
),

fact_devices__downtime_hours as (
    select * from {{ ref('fact_devices__downtime_hours') }}
),

day_parts as (
    select
        location_id,
        event_date as activity_date,
        1 as active_devices,
        total_events,
        pour_events,
        measured_events,
        alert_events,
        quality_issues,
        readings,
        anomalies,
        flow_rate_readings,
        flow_rate_sum,
        total_volume_ml,
        0 as downtime_seconds
    from fact_devices__daily
    union all
    select
        location_id,
        cast(hour_timestamp as date) as activity_date,
        0 as active_devices,
        0 as total_events,
        0 as pour_events,
        0 as measured_events,
        0 as alert_events,
        0 as quality_issues,
        0 as readings,
        0 as anomalies,
        0 as flow_rate_readings,
        0 as flow_rate_sum,
        0 as total_volume_ml,
        downtime_seconds
    from fact_devices__downtime_hours
)

select
    location_id,
    activity_date,
    {%- for column in [
        'active_devices', 'total_events', 'pour_events', 'measured_events', 'alert_events',
        'quality_issues', 'readings', 'anomalies', 'flow_rate_readings', 'downtime_seconds',
    ] %}
    cast(sum({{ column }}) as bigint) as {{ column }},
    {%- endfor %}
    cast(sum(flow_rate_sum) as decimal(18, 2)) as flow_rate_sum,
    cast(sum(total_volume_ml) as decimal(18, 2)) as total_volume_ml
from day_parts
group by location_id, activity_date
