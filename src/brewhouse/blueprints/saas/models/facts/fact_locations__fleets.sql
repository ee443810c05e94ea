with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

fact_devices__upkeep as (
    select * from {{ ref('fact_devices__upkeep') }}
),

fact_devices__health as (
    select * from {{ ref('fact_devices__health') }}
),

fact_devices__activity as (
    select * from {{ ref('fact_devices__activity') }}
),

fleets as (
    select
        stg_app_database__devices.location_id,
        {%- for column, condition in {
            'total_devices': 'is_in_service',
            'online_devices': "fact_devices__upkeep.operational_status = 'operational'",
            'overdue_maintenance_devices': "fact_devices__upkeep.maintenance_status = 'overdue'",
            'active_devices': 'is_in_service and events_30d > 0',
            'devices_with_alerts_30d': 'is_in_service and alerts_30d > 0',
        }.items() %}
        {{ brewhouse_utils.count_if(condition) }} as {{ column }},
        {%- endfor %}
        min(fact_devices__upkeep.installed_on) as first_device_installed,
        max(fact_devices__upkeep.installed_on) as latest_device_installed,
        max(fact_devices__upkeep.maintained_on) as last_maintenance_performed,
        {{ brewhouse_utils.ratio(
            'sum(fact_devices__upkeep.days_since_maintenance)',
            'count(fact_devices__upkeep.days_since_maintenance)', 2
        ) }} as avg_days_since_maintenance,
        max(fact_devices__activity.last_event_at) as last_event_at,
        {{ typed_sums_of([
            'events_30d', 'measured_events_30d', 'quality_issues_30d', 'alerts_30d',
            'volume_ml_30d', 'service_seconds_30d', 'downtime_seconds_30d',
        ]) }},
        cast(sum({{ all_readings('readings_30d') }}) as bigint) as readings_30d,
        cast(sum({{ all_readings('anomalies_30d') }}) as bigint) as anomalies_30d
    from stg_app_database__devices
    inner join fact_devices__upkeep
        on stg_app_database__devices.device_id = fact_devices__upkeep.device_id
    inner join fact_devices__health
        on stg_app_database__devices.device_id = fact_devices__health.device_id
    left join fact_devices__activity
        on stg_app_database__devices.device_id = fact_devices__activity.device_id
    group by stg_app_database__devices.location_id
)

select * from fleets
