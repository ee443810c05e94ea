{%- set day_ago = windows()['24h'] -%}

with

devices as (
    select * from {{ ref('entity_devices') }}
    where is_in_service
),

entity_locations as (
    select * from {{ ref('entity_locations') }}
),

entity_customers as (
    select * from {{ ref('entity_customers') }}
),

fact_devices__alert_summary as (
    select * from {{ ref('fact_devices__alert_summary') }}
),

troubled_hours as (
    select
        device_id,
        count(*) as problematic_hours_24h
    from {{ ref('entity_devices_hourly') }}
    where
        hour_timestamp >= {{ day_ago }}
        and (total_anomalies > 0 or error_events > 0 or alert_events > 0)
    group by device_id
),

monitored as (
    select
        devices.*,
        entity_locations.operational_status as location_operational_status,
        entity_customers.company_name,
        entity_customers.customer_tier,
        entity_customers.customer_status,
        coalesce(fact_devices__alert_summary.alert_count, 0) as alert_count,
        coalesce(fact_devices__alert_summary.is_out_of_range, false) as is_out_of_range,
        {{ own_columns('fact_devices__alert_summary', [
            'primary_alert', 'primary_severity', 'primary_alert_since', 'primary_alert_days',
            'alert_kinds', 'reasons', 'actions',
        ]) }},
        devices.temperature_anomalies_30d + devices.pressure_anomalies_30d
        + devices.flow_rate_anomalies_30d as readings_out_of_range_30d,
        {%- for place, prefix in {'location': 'location', 'account': 'customer'}.items() %}
        {%- set fleet = 'over (partition by devices.' ~ place ~ '_id)' %}
        {%- for name, condition in {
            'devices_with_alerts': 'fact_devices__alert_summary.alert_count > 0',
            'healthy_devices': 'devices.overall_health_score >= ' ~ var('device_health_floors').good,
            'maintenance_overdue': "devices.maintenance_status = 'overdue'",
        }.items() %}
        {{ brewhouse_utils.count_if(condition) }} {{ fleet }} as {{ prefix }}_{{ name }},
        {%- endfor %}
        {{ brewhouse_utils.ratio(
            'sum(devices.overall_health_score) ' ~ fleet,
            'count(devices.overall_health_score) ' ~ fleet, 2
        ) }} as {{ prefix }}_avg_health,
        {%- endfor %}
        coalesce(troubled_hours.problematic_hours_24h, 0) as problematic_hours_24h
    from devices
    inner join entity_locations on devices.location_id = entity_locations.location_id
    inner join entity_customers on devices.account_id = entity_customers.account_id
    left join fact_devices__alert_summary
        on devices.device_id = fact_devices__alert_summary.device_id
    left join troubled_hours on devices.device_id = troubled_hours.device_id
),

prioritised as (
    select
        *,
        {{ monitoring_priority(
            'primary_severity', 'device_priority', 'customer_tier', 'location_online_devices'
        ) }} as priority_score
    from monitored
)

select
    {{ own_columns('prioritised', device_monitoring_columns()) }},
    account_fleet_size as customer_fleet_size,
    account_online_devices as customer_online_devices,
    coalesce(actions, 'No action needed') as recommended_action,
    {{ brewhouse_utils.banded('priority_score', var('monitoring_urgency_floors')) }}
        as urgency_category,
    {{ operational_impact('connectivity_status', 'location_online_devices', 'alert_count') }}
        as operational_impact,
    {{ sla_status('uptime_percentage_30d') }} as sla_status,
    {{ sla_hours_left('service_seconds_30d', 'downtime_seconds_30d') }} as sla_hours_left_30d,
    {{ predictive_maintenance_status(
        'connectivity_status', 'is_out_of_range', 'maintenance_status'
    ) }} as predictive_maintenance_status,
    {{ brewhouse_utils.ratio('usage_events_30d', 30, 2) }} as avg_usage_events_per_day,
    {{ brewhouse_utils.date_diff_days(brewhouse_utils.as_of(), 'next_maintenance_due_date') }}
        as days_until_maintenance,
    {{ brewhouse_utils.built_at() }} as mart_updated_at
from prioritised
