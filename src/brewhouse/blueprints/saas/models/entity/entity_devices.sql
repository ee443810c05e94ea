{{ config(tags=['refresh_15_minutes'], indexes=brewhouse_utils.indexes(['device_id'])) }}

with

int_devices__performance_health as (
    select * from {{ ref('int_devices__performance_health') }}
),

fact_devices__activity as (
    select * from {{ ref('fact_devices__activity') }}
),

fact_devices__health as (
    select * from {{ ref('fact_devices__health') }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

fleets as (
    select
        {%- for place in ['location', 'account'] %}
        {{ brewhouse_utils.count_if('is_in_service') }}
            over (partition by {{ place }}_id) as {{ place }}_fleet_size,
        count(case when operational_status = 'operational' then 1 end)
            over (partition by {{ place }}_id) as {{ place }}_online_devices,
        {%- endfor %}
        device_id
    from int_devices__performance_health
)

select
    {{ own_columns('int_devices__performance_health', [
        'device_id', 'device_key', 'location_id', 'account_id', 'device_type', 'model',
        'firmware_version', 'serial_number', 'device_priority', 'device_installed_date',
        'last_maintenance_date', 'next_maintenance_due_date', 'maintenance_interval_days',
        'maintenance_status', 'days_since_maintenance', 'device_status', 'connectivity_status',
        'operational_status', 'operational_status_since', 'is_in_service', 'warranty_status',
        'activity_status', 'uptime_score', 'performance_score', 'alert_score', 'performance_tier', 'total_events_30d',
        'active_days_30d', 'usage_events_30d', 'alert_events_30d', 'maintenance_events_30d',
        'measured_events_30d', 'quality_issues_30d', 'total_volume_ml_30d', 'avg_flow_rate_30d',
        'max_flow_rate_30d', 'min_flow_rate_30d', 'avg_temperature_30d', 'max_temperature_30d',
        'min_temperature_30d', 'high_temp_events_30d', 'avg_pressure_30d', 'max_pressure_30d',
        'min_pressure_30d', 'low_pressure_events_30d', 'temperature_anomalies_30d',
        'pressure_anomalies_30d', 'flow_rate_anomalies_30d', 'device_lifecycle_stage',
        'device_age_days', 'is_newly_installed', 'device_created_at', 'device_updated_at',
    ]) }},
    int_devices__performance_health.overall_device_health_score as overall_health_score,
    {{ brewhouse_utils.banded(
        'int_devices__performance_health.overall_device_health_score', var('device_health_floors')
    ) }} as device_health_status,
    {{ device_risk_level(
        'maintenance_status', 'int_devices__performance_health.overall_device_health_score'
    ) }} as maintenance_risk_level,
    {{ device_needs_attention(
        'connectivity_status', 'int_devices__performance_health.overall_device_health_score'
    ) }} as requires_immediate_attention,
    {%- for window in windows() %}
    {{ own_columns('fact_devices__health', device_entity_columns(window)) }},
    {%- endfor %}
    fact_devices__health.failures_30d,
    fact_devices__health.failures_lifetime,
    fact_devices__health.latest_alert_at,
    {{ worst_alert('7d') }} as worst_alert_7d,
    {{ brewhouse_utils.ratio(
        'fact_devices__health.service_seconds_lifetime',
        '(3600 * fact_devices__health.failures_lifetime)', 2
    ) }} as mtbf_hours,
    {{ brewhouse_utils.ratio('total_volume_ml_30d', 1000, 2) }} as total_volume_liters_30d,
    {{ estimated_revenue('total_volume_ml_30d') }} as estimated_revenue_30d,
    {{ brewhouse_utils.ratio('alert_events_30d', 'total_events_30d') }} as alert_rate_30d,
    {{ brewhouse_utils.ratio(
        'int_devices__performance_health.quality_issues_30d',
        'int_devices__performance_health.measured_events_30d'
    ) }} as quality_issue_rate_30d,
    {{ brewhouse_utils.ratio(
        'coalesce(fact_devices__activity.total_volume_ml_lifetime, 0) * 86400',
        'fact_devices__health.service_seconds_lifetime', 2
    ) }} as avg_daily_volume_ml_lifetime,
    coalesce(fact_devices__activity.total_events_lifetime, 0) as total_events_lifetime,
    fact_devices__activity.last_event_at as last_heartbeat_at,
    fact_devices__activity.last_pour_at as last_activity_at,
    {{ brewhouse_utils.ratio(
        brewhouse_utils.seconds_between('last_event_at', brewhouse_utils.as_of()), 3600, 2
    ) }} as hours_since_last_event,
    {{ own_columns('stg_app_database__locations', [
        'location_name', 'location_type', 'city', 'state', 'country', 'timezone',
    ]) }},
    {{ own_columns('fleets', [
        'location_fleet_size', 'location_online_devices', 'account_fleet_size',
        'account_online_devices',
    ]) }},
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from int_devices__performance_health
inner join fact_devices__health
    on int_devices__performance_health.device_id = fact_devices__health.device_id
inner join fleets on int_devices__performance_health.device_id = fleets.device_id
inner join stg_app_database__locations
    on int_devices__performance_health.location_id = stg_app_database__locations.location_id
left join fact_devices__activity
    on int_devices__performance_health.device_id = fact_devices__activity.device_id
