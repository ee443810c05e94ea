with

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
    where location_created_at <= {{ brewhouse_utils.as_of() }}
),

fact_locations__fleets as (
    select * from {{ ref('fact_locations__fleets') }}
),

fact_locations__recent_activity as (
    select * from {{ ref('fact_locations__recent_activity') }}
),

open_locations as (
    select distinct location_id from {{ ref('fact_locations__service') }}
    where ended_at is null
),

measured as (
    select
        stg_app_database__locations.*,
        {{ columns_or_zero('fact_locations__fleets', [
            'total_devices', 'online_devices', 'active_devices', 'overdue_maintenance_devices',
            'devices_with_alerts_30d', 'events_30d', 'measured_events_30d', 'quality_issues_30d',
            'alerts_30d', 'volume_ml_30d', 'service_seconds_30d', 'downtime_seconds_30d',
            'readings_30d', 'anomalies_30d',
        ]) }},
        {{ own_columns('fact_locations__fleets', [
            'first_device_installed', 'latest_device_installed', 'last_maintenance_performed',
            'avg_days_since_maintenance', 'last_event_at',
        ]) }},
        {{ columns_or_zero('fact_locations__recent_activity', [
            'active_days_30d', 'beverage_types_served_30d', 'pour_events_30d',
        ]) }},
        fact_locations__recent_activity.avg_flow_rate_30d,
        {{ location_status(
            'stg_app_database__locations.closed_at', 'stg_app_database__locations.install_date',
            'open_locations.location_id is not null', brewhouse_utils.as_of()
        ) }} as location_status,
        {{ brewhouse_utils.date_diff_days(
            'stg_app_database__locations.install_date', brewhouse_utils.as_of()
        ) }} as days_since_opening
    from stg_app_database__locations
    left join fact_locations__fleets
        on stg_app_database__locations.location_id = fact_locations__fleets.location_id
    left join fact_locations__recent_activity
        on stg_app_database__locations.location_id = fact_locations__recent_activity.location_id
    left join open_locations
        on stg_app_database__locations.location_id = open_locations.location_id
)

select * from measured
