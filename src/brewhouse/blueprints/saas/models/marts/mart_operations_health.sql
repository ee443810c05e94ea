with

fact_devices__alerts as (
    select * from {{ ref('fact_devices__alerts') }}
),

device_alerts as (
    {{ alerts_by('device_id') }}
),

location_alerts as (
    {{ alerts_by('location_id') }}
),

account_alerts as (
    {{ alerts_by('account_id') }}
),

devices as (
    select
        entity_devices.*,
        case when entity_devices.is_in_service then 1 else 0 end as devices_in_service,
        case when entity_devices.connectivity_status = 'online' then 1 else 0 end as online_devices,
        case
            when entity_devices.is_in_service and entity_devices.total_events_30d > 0 then 1
            else 0
        end as active_devices_30d,
        case when entity_devices.maintenance_status = 'overdue' then 1 else 0 end
            as overdue_maintenance_devices,
        coalesce(device_alerts.standing_alerts, 0) as standing_alerts,
        device_alerts.worst_alert
    from {{ ref('entity_devices') }} as entity_devices
    left join device_alerts on entity_devices.device_id = device_alerts.device_id
),

locations as (
    select
        entity_locations.*,
        coalesce(location_alerts.standing_alerts, 0) as standing_alerts,
        location_alerts.worst_alert
    from {{ ref('entity_locations') }} as entity_locations
    left join location_alerts on entity_locations.location_id = location_alerts.location_id
),

fleet as (
    select * from {{ ref('fact_accounts__fleet') }}
),

venues as (
    select * from {{ ref('fact_accounts__venues') }}
),

accounts as (
    select
        {{ own_columns('entity_customers', [
            'account_id', 'company_name', 'customer_status', 'customer_tier', 'days_since_creation',
            'total_users', 'active_users_30d', 'last_user_activity', 'open_tickets', 'tickets_opened_30d',
        ]) }},
        {%- for column in [
            'devices_in_service', 'online_devices', 'devices_active_30d', 'overdue_maintenance_devices',
            'total_events_30d', 'total_volume_ml_30d', 'quality_issues_30d', 'alert_events_30d',
            'estimated_revenue_30d', 'excellent_devices', 'good_devices', 'fair_devices', 'poor_devices',
            'critical_devices', 'devices_needing_attention',
        ] %}
        coalesce(fleet.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        {{ own_columns('fleet', [
            'avg_device_health_score', 'uptime_percentage_30d', 'quality_issue_rate_30d',
        ]) }},
        {{ brewhouse_utils.banded('fleet.avg_device_health_score', var('device_health_floors')) }}
            as account_tier,
        {%- for column in [
            'total_locations', 'open_locations', 'underperforming_locations', 'down_locations',
        ] %}
        coalesce(venues.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        {{ own_columns('venues', ['main_city', 'main_country_code']) }},
        coalesce(account_alerts.standing_alerts, 0) as standing_alerts,
        account_alerts.worst_alert
    from {{ ref('entity_customers') }} as entity_customers
    left join fleet on entity_customers.account_id = fleet.account_id
    left join venues on entity_customers.account_id = venues.account_id
    left join account_alerts on entity_customers.account_id = account_alerts.account_id
)

{{ operations_section('device', 'devices') }}
union all
{{ operations_section('location', 'locations') }}
union all
{{ operations_section('account', 'accounts') }}
