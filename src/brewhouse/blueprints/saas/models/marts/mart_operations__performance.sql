with

fact_accounts__standing as (
    select * from {{ ref('fact_accounts__standing') }}
),

fact_accounts__fleet as (
    select * from {{ ref('fact_accounts__fleet') }}
),

fact_accounts__venues as (
    select * from {{ ref('fact_accounts__venues') }}
),

operations as (
    select
        {{ own_columns('standing', [
            'account_id', 'account_key', 'company_name', 'account_type', 'customer_status',
            'customer_tier', 'plan_name', 'monthly_recurring_revenue', 'customer_health_score',
            'churn_risk_score', 'open_tickets', 'tickets_opened_30d',
        ]) }},
        {%- for column in fleet_counts() %}
        coalesce(fleet.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        {%- for column in ['total_volume_ml_30d', 'estimated_revenue_30d'] %}
        cast(coalesce(fleet.{{ column }}, 0) as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        {{ own_columns('fleet', [
            'last_device_event_at', 'avg_device_health_score', 'uptime_percentage_30d',
            'quality_issue_rate_30d', 'device_connectivity_rate', 'overdue_maintenance_rate',
            'avg_events_per_device_30d',
        ]) }},
        {%- for column in [
            'total_locations', 'open_locations', 'operational_locations', 'degraded_locations',
            'down_locations', 'exceptional_locations', 'underperforming_locations', 'idle_locations',
            'expansion_candidates', 'declined_locations_30d', 'cities_served', 'states_served',
            'countries_served', 'weekly_tap_events_lately', 'weekly_tap_events_before',
        ] %}
        coalesce(venues.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        {{ own_columns('venues', [
            'avg_location_health_score', 'main_city', 'main_country_code',
        ]) }},
        coalesce(venues.tap_trend, 'none') as tap_trend
    from fact_accounts__standing as standing
    left join fact_accounts__fleet as fleet on standing.account_id = fleet.account_id
    left join fact_accounts__venues as venues on standing.account_id = venues.account_id
),

measured as (
    select
        *,
        {{ brewhouse_utils.ratio('total_events_30d', 'open_locations', 2) }}
            as avg_events_per_location_30d,
        {{ brewhouse_utils.ratio('tickets_opened_30d', 'open_locations', 4) }}
            as tickets_per_location_30d,
        {{ operations_score(
            'avg_device_health_score', 'online_devices', 'devices_in_service',
            'overdue_maintenance_devices', 'tickets_opened_30d', 'open_locations'
        ) }} as composite_operational_score,
        {{ brewhouse_utils.banded(
            'coalesce(overdue_maintenance_rate, 0)', var('maintenance_urgency_floors')
        ) }} as maintenance_urgency,
        {{ brewhouse_utils.banded(
            'coalesce(' ~ brewhouse_utils.ratio('tickets_opened_30d', 'open_locations', 4) ~ ', 0)',
            var('support_burden_floors')
        ) }} as support_burden
    from operations
),

advised as (
    select
        *,
        {{ operations_action(
            'offline_devices', 'likely_to_fail_devices', 'maintenance_urgency', 'support_burden',
            'devices_in_service - devices_active_30d'
        ) }} as operations_priority
    from measured
)

select
    *,
    {{ brewhouse_utils.banded('devices_in_service', var('operations_segments')) }}
        as operations_segment,
    {{ brewhouse_utils.banded('composite_operational_score', var('operations_floors')) }}
        as overall_operational_health,
    {{ brewhouse_utils.banded('avg_device_health_score', var('fleet_efficiencies')) }}
        as fleet_efficiency_status,
    {{ brewhouse_utils.banded('open_locations', var('geographic_complexity_floors')) }}
        as geographic_complexity,
    {{ brewhouse_utils.mapped('operations_priority', var('operations_actions'), '') }}
        as operational_recommendation,
    {{ brewhouse_utils.built_at() }} as performance_analyzed_at
from advised
