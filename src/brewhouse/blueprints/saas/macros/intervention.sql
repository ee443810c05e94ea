{% macro largest_risk_source(prefix='churn_points_', kinds=['signal', 'term']) -%}
    {#- Of equal points, the first of the variable interventions. Null if none has a point. -#}
    {%- set sources = [] -%}
    {%- for source, facts in var('interventions').items() if facts.kind in kinds -%}
        {%- do sources.append(source) -%}
    {%- endfor -%}
    {%- set largest = 'greatest(' ~ prefix ~ sources | join(', ' ~ prefix) ~ ')' -%}
    case
        when {{ largest }} = 0 then null
        {%- for source in sources %}
        when {{ prefix }}{{ source }} = {{ largest }} then '{{ source }}'
        {%- endfor %}
    end
{%- endmacro %}


{% macro intervention_reason(prefix='churn_points_') -%}
    {#- A signal that is worth a word comes before the terms of the contract, which weigh on nearly everybody. -#}
    {%- set signals = [] -%}
    {%- for source, facts in var('interventions').items() if facts.kind == 'signal' -%}
        {%- do signals.append(prefix ~ source) -%}
    {%- endfor -%}
    case
        when greatest({{ signals | join(', ') }}) >= {{ var('intervention_least_points') }}
            then {{ largest_risk_source(prefix, ['signal']) }}
        else {{ largest_risk_source(prefix) }}
    end
{%- endmacro %}


{% macro intervention_score(churn_risk_score, customer_tier, is_declining) -%}
    {%- set points = var('intervention_points') -%}
    cast(
        {{ brewhouse_utils.ratio(points.risk ~ ' * ' ~ churn_risk_score, 100, 2) }}
        + {{ tier_points(customer_tier, points.tier) }}
        + case when {{ is_declining }} then {{ points.decline }} else 0 end as decimal(18, 2)
    )
{%- endmacro %}


{% macro success_category(priority, expansion_opportunity, health_band) -%}
    {#- First who may be lost, then who may grow. -#}
    case
        when {{ priority }} in ('urgent', 'high') then 'rescue'
        when {{ health_band }} in ('critical', 'at_risk') then 'nurture'
        when {{ expansion_opportunity }} = 'strong' then 'grow'
        else 'retain'
    end
{%- endmacro %}


{% macro qbr_eligibility(customer_tier, days_since_creation) -%}
    {%- set qbr = var('qbr') -%}
    case
        when {{ customer_tier }} not in ({{ qbr.tiers | join(', ') }}) then 'not_included'
        when {{ days_since_creation }} < {{ qbr.least_days }} then 'too_early'
        else 'eligible'
    end
{%- endmacro %}


{% macro admin_coverage(total_users, admin_users, active_admin_users) -%}
    case
        when {{ total_users }} = 0 then 'no_users'
        when {{ admin_users }} = 0 then 'no_admin'
        when {{ active_admin_users }} = 0 then 'idle_admins'
        else 'covered'
    end
{%- endmacro %}


{% macro customer_success_columns() -%}
    {#- What customer success sees of an account as it stands. -#}
    {{- return([
        'account_id', 'account_key', 'company_name', 'account_type', 'industry', 'company_size_category',
        'customer_status', 'status_since', 'customer_tier', 'previous_tier', 'tier_changed_on', 'plan_name',
        'billing_cycle', 'lifecycle_stage', 'subscription_status', 'subscription_value_tier',
        'contract_ends_on', 'days_until_renewal', 'created_at', 'days_since_creation',
        'customer_lifetime_days', 'times_churned', 'monthly_recurring_revenue', 'annual_recurring_revenue',
        'mrr_30d_change', 'mrr_trajectory_30d', 'expansion_mrr_12m', 'contraction_mrr_12m', 'mrr_at_risk',
        'payment_state', 'payment_health_score', 'payment_behavior', 'times_in_arrears_12m',
        'customer_health_score', 'health_band', 'health_band_since', 'health_mrr_points',
        'health_engagement_points', 'health_devices_points', 'health_activation_points',
        'health_score_30d_change', 'health_trajectory_30d', 'customer_health_score_30d_ago',
        'customer_health_score_90d_ago', 'churn_risk_score', 'churn_risk_band',
        'churn_risk_score_30d_ago', 'churn_risk_score_90d_ago',
    ] + churn_risk_sources() + [
        'total_users', 'active_users_7d', 'active_users_30d', 'user_activation_rate_30d',
        'avg_user_engagement_score', 'sessions_30d', 'last_user_activity', 'total_devices',
        'healthy_devices', 'device_events_30d', 'last_device_activity', 'total_locations',
        'active_locations', 'open_tickets', 'tickets_opened_30d', 'expansion_opportunity_score',
        'owner_id', 'owner_name', 'owner_email', 'won_deals', 'last_won_at',
    ]) -}}
{%- endmacro %}
