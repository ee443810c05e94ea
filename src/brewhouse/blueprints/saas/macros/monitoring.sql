{% macro monitoring_signs() -%}
    {#- Of each kind of monitoring_alerts when it stands, since when, and how often it was seen, over the devices in
        service and the signs of fact_devices__alerts. -#}
    {{- return({
        'offline': {
            'stands': "devices.connectivity_status = 'offline'",
            'since': 'devices.operational_status_since',
            'times': 'devices.offline_alerts_30d',
        },
        'failing_again': {
            'stands': 'devices.failures_30d >= ' ~ var('monitoring_failing_again'),
            'since': 'signs.first_failure_at',
            'times': 'devices.failures_30d',
        },
        'low_health': {
            'stands': 'devices.overall_health_score < ' ~ var('device_health_floors').fair,
            'since': 'coalesce(signs.first_trouble_at, signs.first_failure_at)',
            'times': 'cast(null as bigint)',
        },
        'high_temperature': {
            'stands': 'devices.high_temperature_alerts_7d > 0',
            'since': 'signs.first_high_temperature_at',
            'times': 'devices.high_temperature_alerts_7d',
        },
        'low_pressure': {
            'stands': 'devices.low_pressure_alerts_7d > 0',
            'since': 'signs.first_low_pressure_at',
            'times': 'devices.low_pressure_alerts_7d',
        },
        'out_of_range': {
            'stands': 'signs.readings_out_of_range > 0',
            'since': 'signs.first_out_of_range_at',
            'times': 'signs.readings_out_of_range',
        },
        'maintenance_overdue': {
            'stands': "devices.maintenance_status = 'overdue'",
            'since': 'cast(devices.next_maintenance_due_date as timestamp)',
            'times': 'cast(null as bigint)',
        },
        'silent': {
            'stands': "devices.activity_status in ('silent', 'never_seen')
                and devices.connectivity_status = 'online'",
            'since': 'coalesce(devices.last_heartbeat_at, devices.device_created_at)',
            'times': 'cast(null as bigint)',
        },
    }) -}}
{%- endmacro %}


{% macro monitoring_priority(severity, device_priority, customer_tier, location_online_devices) -%}
    {#- Points of a device against which an alert stands; without one, none. -#}
    {%- set points = var('monitoring_priority_points') -%}
    {%- set parts = [] -%}
    {%- for column, shares in {
        severity: points.severity, device_priority: points.device_priority
    }.items() -%}
        {%- set part -%}
            case {{ column }}
                {%- for label, share in shares.items() %} when '{{ label }}' then {{ share }}{% endfor %} else 0
            end
        {%- endset -%}
        {%- do parts.append(part) -%}
    {%- endfor -%}
    cast(
        case
            when {{ severity }} is null then 0
            else
                {{ parts | join('\n                + ') }}
                + {{ tier_points(customer_tier, points.customer_tier) }}
                + case when {{ location_online_devices }} = 0 then {{ points.location_down }} else 0 end
        end as decimal(18, 2)
    )
{%- endmacro %}


{% macro tier_points(customer_tier, shares) -%}
    case {{ customer_tier }}
        {%- for tier, share in shares.items() %} when {{ tier }} then {{ share }}{% endfor %} else 0
    end
{%- endmacro %}


{% macro operational_impact(connectivity_status, location_online_devices, alerts) -%}
    case
        when {{ connectivity_status }} = 'offline' and {{ location_online_devices }} = 0 then 'location_down'
        when {{ connectivity_status }} = 'offline' then 'device_down'
        when {{ alerts }} > 0 then 'at_risk'
        else 'none'
    end
{%- endmacro %}


{% macro sla_status(uptime_percentage) -%}
    {#- By the uptime of 30 days; a device that was not in service for any of it has none. -#}
    case
        when {{ uptime_percentage }} >= {{ var('device_sla_uptime_pct') }} then 'met'
        when {{ uptime_percentage }} is not null then 'missed'
        else 'not_measured'
    end
{%- endmacro %}


{% macro sla_hours_left(service_seconds, downtime_seconds) -%}
    {#- What the SLA allows of downtime in the window, less what there was: negative once it is missed. -#}
    cast(
        {{ brewhouse_utils.ratio(
            service_seconds ~ ' * ' ~ (100 - var('device_sla_uptime_pct')), 360000, 2
        ) }}
        - {{ brewhouse_utils.ratio(downtime_seconds, 3600, 2) }} as decimal(18, 2)
    )
{%- endmacro %}


{% macro predictive_maintenance_status(connectivity_status, is_out_of_range, maintenance_status) -%}
    {#- Readings out of range since the last failure come before the next one. -#}
    case
        when {{ connectivity_status }} = 'offline' then 'failed'
        when {{ is_out_of_range }} then 'likely_to_fail'
        when {{ maintenance_status }} in ('overdue', 'in_progress') then 'maintenance_due'
        else 'healthy'
    end
{%- endmacro %}


{% macro device_monitoring_columns() -%}
    {#- What the monitor shows of a device as it is. -#}
    {{- return([
        'device_id', 'device_key', 'location_id', 'account_id', 'company_name', 'customer_tier',
        'customer_status', 'location_name', 'location_type', 'city', 'state', 'country', 'timezone',
        'location_operational_status', 'device_type', 'model', 'serial_number',
        'firmware_version', 'device_priority', 'device_lifecycle_stage', 'device_age_days',
        'device_installed_date', 'warranty_status', 'operational_status', 'operational_status_since',
        'connectivity_status', 'activity_status', 'last_heartbeat_at', 'hours_since_last_event',
        'overall_health_score', 'device_health_status', 'alert_score', 'alert_count', 'primary_alert', 'primary_severity', 'primary_alert_since',
        'primary_alert_days', 'alert_kinds', 'reasons', 'latest_alert_at', 'alerts_24h', 'alerts_7d',
        'alert_events_30d', 'offline_alerts_30d', 'high_temperature_alerts_30d',
        'low_pressure_alerts_30d', 'alert_hours_7d', 'problematic_hours_24h', 'failures_30d',
        'failures_lifetime', 'mtbf_hours', 'uptime_percentage_24h', 'uptime_percentage_7d',
        'uptime_percentage_30d', 'service_seconds_30d', 'downtime_seconds_30d',
        'performance_score_24h', 'performance_score_7d', 'performance_score_30d', 'maintenance_status',
        'maintenance_risk_level', 'last_maintenance_date', 'days_since_maintenance',
        'next_maintenance_due_date', 'events_24h', 'events_7d', 'total_events_30d', 'usage_events_30d',
        'volume_ml_24h', 'volume_ml_7d', 'total_volume_ml_30d', 'estimated_revenue_30d',
        'quality_issues_30d', 'quality_issue_rate_30d', 'readings_out_of_range_30d',
        'avg_temperature_30d', 'max_temperature_30d', 'min_temperature_30d', 'avg_pressure_30d',
        'max_pressure_30d', 'min_pressure_30d', 'location_fleet_size', 'location_online_devices',
        'location_devices_with_alerts', 'location_healthy_devices', 'location_maintenance_overdue',
        'location_avg_health', 'customer_devices_with_alerts', 'customer_healthy_devices', 'customer_maintenance_overdue',
        'customer_avg_health', 'priority_score',
    ]) -}}
{%- endmacro %}


{% macro device_group_counts() -%}
    {#- What is counted of the devices of a location, of one type and one status. -#}
    {%- set counts = {
        'devices_in_service': 'is_in_service',
        'online_devices': "connectivity_status = 'online'",
        'offline_devices': "connectivity_status = 'offline'",
        'active_devices_30d': 'is_in_service and total_events_30d > 0',
        'overdue_maintenance_devices': "maintenance_status = 'overdue'",
        'due_soon_maintenance_devices': "maintenance_status = 'due_soon'",
        'devices_needing_attention': 'requires_immediate_attention',
        'devices_with_alerts': 'alerts.alert_count > 0',
        'likely_to_fail_devices': 'alerts.is_out_of_range',
    } -%}
    {%- for severity in var('alert_severities') -%}
        {%- do counts.update({
            severity ~ '_alert_devices': "alerts.primary_severity = '" ~ severity ~ "'"
        }) -%}
    {%- endfor -%}
    {{- return(counts) -}}
{%- endmacro %}


{% macro device_group_sums() -%}
    {{- return([
        'total_events_30d', 'usage_events_30d', 'measured_events_30d', 'quality_issues_30d', 'critical_alerts_30d',
        'warning_alerts_30d', 'info_alerts_30d', 'alert_events_30d', 'failures_30d',
        'service_seconds_30d', 'downtime_seconds_30d',
    ]) -}}
{%- endmacro %}


{% macro device_group_columns() -%}
    {{- return(
        ['device_type', 'device_status', 'total_devices'] + device_group_counts().keys() | list
        + device_group_sums() + [
            'total_volume_ml_30d', 'estimated_revenue_30d', 'operational_health_score',
            'avg_performance_score', 'avg_days_since_maintenance', 'next_maintenance_due_date',
            'last_event_at', 'uptime_percentage_30d', 'device_active_rate', 'connectivity_rate',
            'quality_issue_rate_30d', 'avg_events_per_device_30d', 'overdue_maintenance_rate',
        ]
    ) -}}
{%- endmacro %}


{% macro worst_alert_fact(rank, fact, otherwise) -%}
    {#- What monitoring_alerts says of the kind with this rank: its kind, severity or action. -#}
    case {{ rank }}
        {%- for kind, facts in var('monitoring_alerts').items() %}
        when {{ loop.index }} then '{{ kind if fact == 'kind' else facts[fact] }}'
        {%- endfor %}
        {%- if otherwise is not none %}
        else '{{ otherwise }}'
        {%- endif %}
    end
{%- endmacro %}


{% macro alert_columns(part) -%}
    {#- The column of each kind of alert, the most urgent first. -#}
    {%- set columns = [] -%}
    {%- for kind in var('monitoring_alerts') -%}
        {%- do columns.append(kind ~ '_' ~ part) -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}
