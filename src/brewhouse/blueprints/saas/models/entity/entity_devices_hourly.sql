{{ config(
    tags=['refresh_hourly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen('hour_timestamp', grain='hour') }}",
    post_hook=[
        "{{ brewhouse_utils.update_attributes(
            ref('stg_app_database__devices'), 'device_id',
            ['location_id', 'account_id', 'device_type', 'model']
        ) }}",
    ],
    indexes=brewhouse_utils.indexes(['device_id', 'hour_timestamp'], ['hour_timestamp']),
) }}

with

fact_devices__hour_sums as (
    select * from {{ ref('fact_devices__hour_sums') }}
),

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

hours as (
    select
        fact_devices__hour_sums.*,
        {{ own_columns('stg_app_database__devices', [
            'location_id', 'account_id', 'device_type', 'model'
        ]) }},
        {{ all_readings('readings') }} as readings,
        {{ all_readings('anomalies') }} as total_anomalies,
        greatest(
            fact_devices__hour_sums.service_seconds - fact_devices__hour_sums.downtime_seconds, 0
        ) as uptime_seconds,
        {{ uptime_score(
            'fact_devices__hour_sums.service_seconds', 'fact_devices__hour_sums.downtime_seconds'
        ) }} as uptime_percentage,
        {{ brewhouse_utils.banded(
            brewhouse_utils.hour_of_day(brewhouse_utils.local_time(
                'fact_devices__hour_sums.hour_timestamp',
                "coalesce(stg_app_database__locations.timezone, 'UTC')"
            )), var('business_period_floors')
        ) }} as business_period
    from fact_devices__hour_sums
    inner join stg_app_database__devices
        on fact_devices__hour_sums.device_id = stg_app_database__devices.device_id
    inner join stg_app_database__locations
        on stg_app_database__devices.location_id = stg_app_database__locations.location_id
    where {{ brewhouse_utils.after_settled(
        'fact_devices__hour_sums.hour_timestamp', 'hour_timestamp'
    ) }}
),

scored as (
    select
        *,
        {{ performance_score('readings', 'total_anomalies') }} as hourly_performance_score
    from hours
)

select
    {{ own_columns('scored', [
        'device_id', 'hour_timestamp', 'location_id', 'account_id', 'device_type', 'model',
        'operational_status', 'total_events', 'pour_events', 'measured_events', 'error_events',
        'warning_events', 'maintenance_events', 'cleaning_events', 'successful_events',
        'alert_events', 'offline_alerts', 'high_temperature_alerts', 'low_pressure_alerts',
        'quality_issues', 'total_volume_ml', 'max_volume_ml', 'min_volume_ml', 'max_flow_rate',
        'min_flow_rate', 'max_temperature', 'min_temperature', 'max_pressure', 'min_pressure',
        'readings', 'temperature_anomalies', 'pressure_anomalies', 'flow_rate_anomalies',
        'total_anomalies', 'service_seconds', 'downtime_seconds', 'uptime_percentage',
        'total_active_seconds', 'hourly_performance_score', 'business_period',
        'total_events_lifetime',
    ]) }},
    {{ brewhouse_utils.ratio('successful_events', 'total_events') }} as success_rate,
    {{ brewhouse_utils.ratio('error_events', 'total_events') }} as error_rate,
    {{ brewhouse_utils.ratio('total_anomalies', 'readings') }} as anomaly_rate,
    {{ brewhouse_utils.ratio('total_volume_ml', 1000, 2) }} as total_volume_liters,
    {{ brewhouse_utils.ratio('total_volume_ml', 'pour_events', 2) }} as avg_volume_per_event_ml,
    {%- for measure in event_measures() %}
    {{ brewhouse_utils.ratio(measure ~ '_sum', measure ~ '_readings', 2) }} as avg_{{ measure }},
    {%- endfor %}
    {{ brewhouse_utils.ratio('uptime_seconds', 60, 2) }} as uptime_minutes,
    {{ brewhouse_utils.ratio('total_active_seconds', 'uptime_seconds') }} as utilization_rate,
    {{ estimated_revenue('total_volume_ml') }} as estimated_revenue,
    {{ brewhouse_utils.banded('hourly_performance_score', var('device_health_floors')) }}
        as performance_tier,
    {{ brewhouse_utils.hour_of_day('hour_timestamp') }} as hour_of_day,
    {{ brewhouse_utils.day_of_week('hour_timestamp') }} as day_of_week,
    {{ brewhouse_utils.day_of_week('hour_timestamp') }} in (0, 6) as is_weekend,
    business_period in ({{ brewhouse_utils.sql_list(var('peak_business_periods')) }})
        as is_peak_hour,
    uptime_percentage >= {{ var('device_sla_uptime_pct') }} as meets_uptime_sla,
    uptime_percentage >= {{ var('device_sla_uptime_pct') }}
    and coalesce(hourly_performance_score >= {{ var('device_sla_performance_pct') }}, true)
        as meets_sla,
    {{ alert_level() }} as alert_level,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from scored
