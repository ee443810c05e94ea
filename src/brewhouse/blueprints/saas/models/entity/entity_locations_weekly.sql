{%- set by_location = 'over (partition by location_id order by week_start_date)' -%}

with

fact_locations__weekly as (
    select * from {{ ref('fact_locations__weekly') }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

weeks as (
    select
        fact_locations__weekly.*,
        {{ own_columns('stg_app_database__locations', [
            'location_key', 'account_id', 'location_name', 'location_type', 'location_category',
            'city',
        ]) }},
        stg_app_database__locations.state as state_code,
        stg_app_database__locations.country as country_code,
        stg_app_database__locations.region as geographic_market,
        devices as total_devices,
        devices - down_devices as online_devices,
        {{ location_status(
            'stg_app_database__locations.closed_at', 'stg_app_database__locations.install_date',
            'open_stretches > 0', 'week_ends_at'
        ) }} as location_status,
        {{ location_operational_status('devices', 'down_devices') }} as operational_status,
        {{ location_activity_level('total_events_30d', 'devices') }} as activity_level,
        {{ location_volume_tier('total_volume_ml_30d', 'devices') }} as volume_tier,
        {{ uptime_score('service_seconds', 'downtime_seconds') }} as weekly_uptime_percentage,
        {{ uptime_score('service_seconds_30d', 'downtime_seconds_30d') }} as uptime_percentage_30d,
        {{ performance_score('readings_30d', 'anomalies_30d') }} as performance_score_30d,
        {{ alert_score('alert_events_30d', 'devices') }} as alert_score_30d,
        {{ brewhouse_utils.date_diff_days(
            'stg_app_database__locations.install_date', 'week_ends_at'
        ) }} as age_days
    from fact_locations__weekly
    inner join stg_app_database__locations
        on fact_locations__weekly.location_id = stg_app_database__locations.location_id
),

scored as (
    select
        *,
        {{ device_health_score(
            'uptime_percentage_30d', 'performance_score_30d', 'alert_score_30d'
        ) }} as operational_health_score
    from weeks
),

banded as (
    select
        *,
        {{ brewhouse_utils.banded('operational_health_score', var('device_health_floors')) }}
            as device_health_tier
    from scored
)

select
    {{ own_columns('banded', [
        'location_id', 'location_key', 'account_id', 'week_start_date', 'location_name',
        'location_type', 'location_category', 'city', 'state_code', 'country_code',
        'geographic_market', 'location_status', 'operational_status', 'active_devices',
        'active_days', 'quality_issues', 'measured_events', 'alert_events',
        'beverage_types_served', 'total_devices', 'online_devices', 'service_seconds',
        'downtime_seconds', 'weekly_uptime_percentage', 'measured_events_30d', 'quality_issues_30d',
        'alert_events_30d', 'uptime_percentage_30d', 'performance_score_30d', 'alert_score_30d',
        'operational_health_score', 'device_health_tier', 'activity_level', 'volume_tier',
    ]) }},
    cast(week_start_date + 6 as date) as week_end_date,
    total_events as weekly_tap_events,
    total_events_30d as tap_events_30d,
    total_volume_ml as total_volume,
    total_volume_ml_30d as total_volume_30d,
    {{ brewhouse_utils.ratio('flow_rate_sum', 'flow_rate_readings', 2) }} as avg_flow_rate,
    {{ brewhouse_utils.ratio('online_devices', 'total_devices') }} as device_connectivity_rate,
    {{ brewhouse_utils.ratio('total_events', 'total_devices') }} as taps_per_device,
    {{ brewhouse_utils.ratio('total_events', 'active_days') }} as avg_daily_taps,
    {{ brewhouse_utils.ratio('quality_issues', 'measured_events') }} as quality_issue_rate,
    {{ brewhouse_utils.ratio('quality_issues_30d', 'measured_events_30d') }}
        as quality_issue_rate_30d,
    {{ brewhouse_utils.ratio('active_devices', 'total_devices') }} as device_utilization_rate,
    {{ estimated_revenue('total_volume_ml') }} as estimated_weekly_revenue,
    {{ estimated_revenue('total_volume_ml_30d') }} as estimated_revenue_30d,
    {{ location_expansion_indicator('activity_level', 'device_health_tier') }}
        as expansion_indicator,
    {{ location_lifecycle_stage('location_status', 'age_days') }} as location_lifecycle_stage,
    {%- for name, column in {
        'taps': 'total_events', 'volume': 'total_volume_ml', 'quality': 'quality_issues',
    }.items() %}
    {{ column }} - lag({{ column }}) {{ by_location }} as {{ name }}_wow_change,
    {%- endfor %}
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from banded
