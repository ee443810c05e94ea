with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

fact_devices__upkeep as (
    select * from {{ ref('fact_devices__upkeep') }}
),

fact_devices__activity as (
    select * from {{ ref('fact_devices__activity') }}
),

fact_devices__health as (
    select * from {{ ref('fact_devices__health') }}
)

select
    stg_app_database__devices.device_id,
    stg_app_database__devices.device_key,
    stg_app_database__devices.location_id,
    stg_app_database__devices.account_id,
    stg_app_database__devices.device_type,
    stg_app_database__devices.model,
    stg_app_database__devices.firmware_version,
    stg_app_database__devices.serial_number,
    stg_app_database__devices.device_priority,
    stg_app_database__devices.warranty_status,
    stg_app_database__devices.status as device_status,
    fact_devices__upkeep.operational_status,
    fact_devices__upkeep.operational_status_since,
    fact_devices__upkeep.is_in_service,
    fact_devices__upkeep.connectivity_status,
    fact_devices__upkeep.installed_on as device_installed_date,
    fact_devices__upkeep.maintained_on as last_maintenance_date,
    fact_devices__upkeep.maintenance_interval_days,
    fact_devices__upkeep.due_on as next_maintenance_due_date,
    fact_devices__upkeep.maintenance_status,
    fact_devices__upkeep.days_since_maintenance,
    fact_devices__activity.first_event_at as earliest_event_timestamp,
    fact_devices__activity.last_event_at as latest_event_timestamp,
    fact_devices__health.events_30d as total_events_30d,
    fact_devices__health.pour_events_30d as usage_events_30d,
    fact_devices__health.alerts_30d as alert_events_30d,
    fact_devices__health.measured_events_30d,
    fact_devices__health.quality_issues_30d,
    fact_devices__health.high_temperature_alerts_30d as high_temp_events_30d,
    fact_devices__health.low_pressure_alerts_30d as low_pressure_events_30d,
    fact_devices__health.volume_ml_30d as total_volume_ml_30d,
    coalesce(fact_devices__activity.active_days_30d, 0) as active_days_30d,
    coalesce(fact_devices__activity.maintenance_events_30d, 0) as maintenance_events_30d,
    {%- for measure in event_measures() %}
    fact_devices__activity.avg_{{ measure }}_30d,
    fact_devices__activity.min_{{ measure }}_30d,
    fact_devices__activity.max_{{ measure }}_30d,
    fact_devices__health.{{ measure }}_anomalies_30d,
    {%- endfor %}
    fact_devices__health.uptime_percentage_30d as uptime_score,
    fact_devices__health.performance_score_30d as performance_score,
    fact_devices__health.alert_score,
    fact_devices__health.overall_device_health_score,
    {{ brewhouse_utils.banded(
        'fact_devices__health.performance_score_30d', var('device_health_floors')
    ) }} as performance_tier,
    {{ device_activity_status(
        'fact_devices__upkeep.operational_status', 'fact_devices__activity.last_event_at'
    ) }} as activity_status,
    stg_app_database__devices.device_created_at,
    stg_app_database__devices.device_updated_at,
    fact_devices__upkeep.device_age_days,
    fact_devices__upkeep.device_lifecycle_stage,
    fact_devices__upkeep.device_age_days < {{ var('new_device_days') }} as is_newly_installed,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from stg_app_database__devices
inner join fact_devices__upkeep
    on stg_app_database__devices.device_id = fact_devices__upkeep.device_id
left join fact_devices__activity
    on stg_app_database__devices.device_id = fact_devices__activity.device_id
inner join fact_devices__health
    on stg_app_database__devices.device_id = fact_devices__health.device_id
