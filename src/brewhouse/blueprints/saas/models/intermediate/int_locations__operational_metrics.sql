with

fact_locations__current as (
    select * from {{ ref('fact_locations__current') }}
),

rated as (
    select
        *,
        {{ uptime_score('service_seconds_30d', 'downtime_seconds_30d') }} as uptime_percentage_30d,
        {{ performance_score('readings_30d', 'anomalies_30d') }} as performance_score_30d,
        {{ alert_score('alerts_30d', 'total_devices') }} as alert_score_30d,
        {{ location_operational_status('total_devices', 'total_devices - online_devices') }}
            as operational_status,
        {{ location_activity_level('events_30d', 'total_devices') }} as activity_level,
        {{ location_volume_tier('volume_ml_30d', 'total_devices') }} as volume_tier
    from fact_locations__current
),

scored as (
    select
        *,
        {{ device_health_score(
            'uptime_percentage_30d', 'performance_score_30d', 'alert_score_30d'
        ) }} as operational_health_score
    from rated
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
        'location_id', 'location_key', 'account_id', 'location_name', 'location_type',
        'location_category', 'city', 'location_status', 'operational_status', 'total_devices',
        'active_devices', 'online_devices', 'overdue_maintenance_devices',
        'devices_with_alerts_30d', 'first_device_installed', 'latest_device_installed',
        'last_maintenance_performed', 'avg_days_since_maintenance', 'active_days_30d',
        'beverage_types_served_30d', 'avg_flow_rate_30d', 'quality_issues_30d',
        'measured_events_30d', 'uptime_percentage_30d', 'performance_score_30d', 'alert_score_30d',
        'operational_health_score', 'device_health_tier', 'activity_level', 'volume_tier',
    ]) }},
    state as state_code,
    country as country_code,
    total_devices - active_devices as inactive_devices,
    {{ brewhouse_utils.ratio('active_devices', 'total_devices') }} as device_active_rate,
    {{ brewhouse_utils.ratio('online_devices', 'total_devices') }} as device_connectivity_rate,
    events_30d as tap_events_30d,
    alerts_30d as alert_events_30d,
    volume_ml_30d as total_volume_30d,
    last_event_at as last_tap_timestamp,
    {{ device_activity_status(
        "case when total_devices = 0 then 'retired' end", 'last_event_at'
    ) }} as recent_activity_status,
    {{ brewhouse_utils.ratio('events_30d', 'total_devices') }} as taps_per_device_30d,
    {{ brewhouse_utils.ratio('events_30d', 'active_days_30d') }} as avg_taps_per_active_day,
    {{ brewhouse_utils.ratio('volume_ml_30d', 'pour_events_30d', 2) }} as avg_volume_per_tap,
    {{ brewhouse_utils.ratio('quality_issues_30d', 'measured_events_30d') }}
        as quality_issue_rate_30d,
    overdue_maintenance_devices > 0 as has_overdue_maintenance,
    total_devices > 0 and events_30d = 0 as devices_but_no_activity,
    {{ location_expansion_indicator('activity_level', 'device_health_tier') }}
        as expansion_indicator,
    {{ estimated_revenue('volume_ml_30d') }} as estimated_revenue_30d,
    case when days_since_opening >= 0 then days_since_opening end as location_age_days,
    {{ location_lifecycle_stage('location_status', 'days_since_opening') }}
        as location_lifecycle_stage,
    location_status = 'open' and days_since_opening < {{ var('new_location_days') }}
        as is_newly_opened,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from banded
