{%- set days = brewhouse_utils.shift(brewhouse_utils.as_of(), -90, 'days') -%}

with

entity_devices as (
    select * from {{ ref('entity_devices') }}
),

fact_devices__alert_summary as (
    select * from {{ ref('fact_devices__alert_summary') }}
),

entity_devices_history as (
    select * from {{ ref('entity_devices_history') }}
),

-- Stops of the last 90 days, and the hours until the device was back.
stops as (
    select
        account_id,
        {{ brewhouse_utils.count_if("change_reason = 'failed'") }} as failures_90d,
        {{ brewhouse_utils.count_if('rapid_failure_flag') }} as rapid_failures_90d,
        {{ brewhouse_utils.count_if("event_category = 'recovery'") }} as recoveries_90d
    from entity_devices_history
    where valid_from > {{ days }}
    group by account_id
),

fleets as (
    select
        entity_devices.account_id,
        count(*) as total_devices,
        {%- for name, condition in {
            'devices_in_service': 'is_in_service',
            'online_devices': "connectivity_status = 'online'",
            'offline_devices': "connectivity_status = 'offline'",
            'overdue_maintenance_devices': "maintenance_status = 'overdue'",
            'due_soon_maintenance_devices': "maintenance_status = 'due_soon'",
            'devices_needing_attention': 'requires_immediate_attention',
            'likely_to_fail_devices': 'is_out_of_range',
            'devices_with_alerts': 'alert_count > 0',
            'critical_alert_devices': "primary_severity = 'critical'",
            'devices_active_7d': 'is_in_service and events_7d > 0',
            'devices_active_30d': 'is_in_service and total_events_30d > 0',
            'aging_devices': "device_lifecycle_stage in ('aging', 'end_of_life')",
        }.items() %}
        {{ brewhouse_utils.count_if(condition) }} as {{ name }},
        {%- endfor %}
        {%- for status in var('device_health_floors') %}
        {{ brewhouse_utils.count_if("device_health_status = '" ~ status ~ "'") }}
            as {{ status }}_devices,
        {%- endfor %}
        count(entity_devices.overall_health_score) as scored_devices,
        cast(coalesce(sum(entity_devices.overall_health_score), 0) as decimal(18, 2))
            as health_score_sum,
        {%- for column in [
            'total_events_30d', 'usage_events_30d', 'alert_events_30d', 'measured_events_30d',
            'quality_issues_30d', 'service_seconds_30d', 'downtime_seconds_30d', 'failures_30d',
        ] %}
        cast(coalesce(sum({{ column }}), 0) as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in ['total_volume_ml_30d', 'estimated_revenue_30d'] %}
        cast(coalesce(sum({{ column }}), 0) as decimal(18, 2))
            as {{ column }},
        {%- endfor %}
        max(entity_devices.last_heartbeat_at) as last_device_event_at
    from entity_devices
    left join fact_devices__alert_summary
        on entity_devices.device_id = fact_devices__alert_summary.device_id
    group by entity_devices.account_id
)

select
    fleets.*,
    coalesce(stops.failures_90d, 0) as failures_90d,
    coalesce(stops.rapid_failures_90d, 0) as rapid_failures_90d,
    coalesce(stops.recoveries_90d, 0) as recoveries_90d,
    {{ brewhouse_utils.ratio('health_score_sum', 'scored_devices', 2) }} as avg_device_health_score,
    {{ uptime_score('service_seconds_30d', 'downtime_seconds_30d') }} as uptime_percentage_30d,
    {{ brewhouse_utils.ratio('quality_issues_30d', 'measured_events_30d') }}
        as quality_issue_rate_30d,
    {{ brewhouse_utils.ratio('online_devices', 'devices_in_service') }} as device_connectivity_rate,
    {{ brewhouse_utils.ratio('overdue_maintenance_devices', 'devices_in_service') }}
        as overdue_maintenance_rate,
    {{ brewhouse_utils.ratio('total_events_30d', 'devices_in_service', 2) }}
        as avg_events_per_device_30d
from fleets
left join stops on fleets.account_id = stops.account_id
