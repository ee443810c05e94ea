{{ config(tags=['refresh_15_minutes'], indexes=brewhouse_utils.indexes(['location_id'])) }}

with

int_locations__core as (
    select * from {{ ref('int_locations__core') }}
),

int_locations__operational_metrics as (
    select * from {{ ref('int_locations__operational_metrics') }}
)

select
    {{ own_columns('int_locations__core', [
        'location_id', 'location_key', 'account_id', 'location_name', 'location_type',
        'location_category', 'location_status', 'operational_status', 'street_address', 'city',
        'state_code', 'country_code', 'full_address', 'geographic_market', 'market_tier',
        'seating_capacity', 'timezone', 'location_size', 'expected_device_count', 'total_devices',
        'active_devices', 'online_devices', 'device_connectivity_rate', 'first_device_installed',
        'latest_device_installed', 'last_maintenance_performed', 'avg_days_since_maintenance',
        'tap_events_30d', 'total_volume_30d', 'avg_flow_rate_30d', 'quality_issues_30d',
        'beverage_types_served_30d', 'avg_volume_per_event_30d', 'quality_issue_rate_30d',
        'account_users', 'account_active_users_30d', 'latest_account_session_at',
        'operational_health_score', 'volume_tier', 'connectivity_tier', 'opened_on', 'closed_at',
        'location_created_at', 'location_updated_at', 'location_age_days', 'location_age_months',
        'location_lifecycle_stage', 'is_newly_opened',
    ]) }},
    {{ own_columns('int_locations__operational_metrics', [
        'inactive_devices', 'overdue_maintenance_devices',
        'devices_with_alerts_30d', 'device_active_rate', 'active_days_30d', 'measured_events_30d',
        'alert_events_30d', 'taps_per_device_30d', 'avg_taps_per_active_day', 'avg_volume_per_tap',
        'uptime_percentage_30d', 'performance_score_30d', 'alert_score_30d', 'device_health_tier',
        'activity_level', 'recent_activity_status', 'last_tap_timestamp', 'expansion_indicator',
        'estimated_revenue_30d', 'has_overdue_maintenance', 'devices_but_no_activity',
    ]) }},
    int_locations__core.account_active_users_30d > 0
    and int_locations__operational_metrics.tap_events_30d = 0 as users_but_no_taps,
    {{ brewhouse_utils.ratio(
        'int_locations__core.total_devices', 'int_locations__core.expected_device_count'
    ) }} as device_capacity_rate,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from int_locations__core
inner join int_locations__operational_metrics
    on int_locations__core.location_id = int_locations__operational_metrics.location_id
