with

fact_accounts__standing as (
    select * from {{ ref('fact_accounts__standing') }}
),

fact_accounts__users as (
    select * from {{ ref('fact_accounts__users') }}
),

fact_accounts__fleet as (
    select * from {{ ref('fact_accounts__fleet') }}
),

fact_accounts__venues as (
    select * from {{ ref('fact_accounts__venues') }}
),

fact_accounts__feature_mix as (
    select * from {{ ref('fact_accounts__feature_mix') }}
),

accounts as (
    select
        {{ own_columns('standing', customer_success_columns()) }},
        {%- for column in [
            'admin_users', 'active_admin_users_30d', 'active_users_lately', 'active_users_before',
            'users_gone_quiet_30d',
        ] %}
        coalesce(people.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        coalesce(people.user_trend, 'none') as user_adoption_trend,
        {%- for column in [
            'devices_in_service', 'online_devices', 'offline_devices', 'devices_active_7d',
            'devices_active_30d', 'overdue_maintenance_devices', 'likely_to_fail_devices',
            'devices_with_alerts', 'failures_90d', 'poor_devices', 'critical_devices',
        ] %}
        coalesce(fleet.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        fleet.avg_device_health_score,
        fleet.uptime_percentage_30d,
        {%- for column in [
            'open_locations', 'degraded_locations', 'down_locations', 'underperforming_locations',
            'declined_locations_30d', 'expansion_candidates',
        ] %}
        coalesce(venues.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        venues.avg_location_health_score,
        coalesce(venues.tap_trend, 'none') as tap_trend,
        {{ own_columns('mix', [
            'features_available', 'available_features_adopted', 'features_used_30d',
        ]) }}
    from fact_accounts__standing as standing
    left join fact_accounts__users as people on standing.account_id = people.account_id
    left join fact_accounts__fleet as fleet on standing.account_id = fleet.account_id
    left join fact_accounts__venues as venues on standing.account_id = venues.account_id
    left join fact_accounts__feature_mix as mix on standing.account_id = mix.account_id
),

reasoned as (
    select
        *,
        {{ largest_risk_source() }} as largest_risk_source,
        {{ intervention_reason() }} as intervention_reason,
        {{ intervention_score(
            'churn_risk_score', 'customer_tier',
            "health_trajectory_30d = 'declining' or payment_state = 'overdue'"
        ) }} as intervention_score,
        {{ brewhouse_utils.banded(
            'coalesce(expansion_opportunity_score, 0)', var('expansion_opportunities')
        ) }} as expansion_opportunity
    from accounts
),

prioritised as (
    select
        *,
        {{ brewhouse_utils.banded('intervention_score', var('intervention_floors')) }}
            as intervention_priority
    from reasoned
)

select
    *,
    {{ brewhouse_utils.mapped(
        'intervention_reason', brewhouse_utils.attribute_of(var('interventions'), 'action'),
        var('intervention_of_none')
    ) }} as recommended_intervention,
    case intervention_priority
        {%- for priority, days in var('intervention_days').items() %}
        when '{{ priority }}' then {{ days }}
        {%- endfor %}
    end as act_within_days,
    {{ success_category('intervention_priority', 'expansion_opportunity', 'health_band') }}
        as success_category,
    {{ qbr_eligibility('customer_tier', 'days_since_creation') }} as qbr_eligibility,
    {{ admin_coverage('total_users', 'admin_users', 'active_admin_users_30d') }}
        as admin_coverage_health,
    {{ brewhouse_utils.built_at() }} as health_analyzed_at
from prioritised
