{{ config(
    tags=['refresh_daily'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen(
        'snapshot_date', grain='day', key='account_id', again=ref('fact_locations__returns')
    ) }}",
    post_hook="{{ brewhouse_utils.update_attributes(ref('stg_app_database__accounts'), 'account_id', {
        'company_name': 'account_name', 'industry': 'industry'
    }) }}",
    indexes=brewhouse_utils.indexes(['account_id', 'snapshot_date'], ['snapshot_date']),
) }}

with

int_customers__days as (
    {{ brewhouse_utils.rows_to_add(
        ref('int_customers__days'), 'snapshot_date', key='account_id',
        again=ref('fact_locations__returns')
    ) }}
),

measured as (
    select
        *,
        new_mrr
        + expansion_mrr
        + reactivation_mrr
        - contraction_mrr
        - churned_mrr as mrr_daily_change,
        {{ brewhouse_utils.ratio('health_sum_30d', 'window_days', 2) }} as avg_health_score_30d
    from int_customers__days
)

select
    snapshot_date,
    account_id,
    account_name as company_name,
    industry,
    customer_tier,
    customer_status,
    account_created_at as created_at,
    first_subscription_date,
    mrr as monthly_recurring_revenue,
    active_subscriptions,
    total_devices,
    device_events_30d,
    active_users_30d,
    cast(customer_health_score as decimal(18, 2)) as customer_health_score,
    churn_risk_score,
    coalesce({{ brewhouse_utils.date_diff_days(
        'first_subscription_date', 'coalesce(churned_on, snapshot_date)'
    ) }}, 0) as customer_lifetime_days,
    {{ brewhouse_utils.month_start('account_created_at') }} as cohort_month,
    cast(date_trunc('quarter', account_created_at) as date) as cohort_quarter,
    cast(extract(year from snapshot_date) as bigint) as snapshot_year,
    cast(extract(month from snapshot_date) as bigint) as snapshot_month,
    cast(extract(quarter from snapshot_date) as bigint) as snapshot_quarter,
    {{ brewhouse_utils.day_of_week('snapshot_date') }} as snapshot_day_of_week,
    cast(mrr_daily_change as decimal(18, 2)) as mrr_daily_change,
    cast(customer_health_score - health_1d_ago as decimal(18, 2)) as health_score_daily_change,
    cast(mrr - mrr_30d_ago as decimal(18, 2)) as mrr_30d_change,
    cast(customer_health_score - health_30d_ago as decimal(18, 2)) as health_score_30d_change,
    {{ growth_rate('mrr_daily_change', 'mrr - mrr_daily_change') }} as mrr_daily_growth_rate,
    {{ growth_rate('mrr - mrr_30d_ago', 'mrr_30d_ago') }} as mrr_30d_growth_rate,
    {{ avg_mrr_30d() }} as avg_mrr_30d,
    avg_health_score_30d,
    {{ mrr_volatility_30d() }} as mrr_volatility_30d,
    max_mrr_30d,
    min_mrr_30d,
    {{ mrr_range_coefficient_30d() }} as mrr_range_coefficient_30d,
    {{ trajectory(
        'customer_health_score - avg_health_score_30d', var('health_trajectory_least'), 'improving', 'declining'
    ) }} as health_trajectory_30d,
    case
        when mrr > mrr_30d_ago then 'growing'
        when mrr < mrr_30d_ago then 'shrinking'
        else 'stable'
    end as mrr_trajectory_30d,
    day_sequence,
    {{ brewhouse_utils.built_at() }} as last_updated_at,

    -- beyond the fixed list: what it is and pays, how it uses the product
    {%- for column in [
        'plan_name', 'billing_cycle', 'contract_ends_on', 'churned_on', 'total_subscriptions',
        'mrr_movement', 'new_mrr', 'expansion_mrr', 'contraction_mrr', 'churned_mrr',
        'reactivation_mrr', 'failed_payments_30d', 'total_users', 'active_users_7d', 'sessions_30d',
        'total_locations', 'active_locations', 'healthy_devices', 'down_devices', 'open_tickets',
        'tickets_opened_30d',
    ] %}
    {{ column }},
    {%- endfor %}
    {{ customer_lifecycle_stage(
        'customer_status', 'first_subscription_date', 'service_since', 'snapshot_date'
    ) }} as lifecycle_stage,
    cast(12 * mrr as decimal(18, 2)) as annual_recurring_revenue,
    {{ payment_state('overdue_invoices', 'failed_payments_30d') }} as payment_state,
    {{ brewhouse_utils.ratio_or_zero('active_users_30d', 'total_users', 4) }}
        as user_activation_rate_30d,
    {{ brewhouse_utils.ratio('100 * healthy_devices', 'total_devices', 2) }}
        as device_health_percentage,

    -- how it does, and why
    {%- for component in var('customer_health_points') %}
    cast(health_{{ component }} as decimal(18, 2)) as health_{{ component }}_points,
    {%- endfor %}
    {%- for points in churn_risk_sources() %}
    cast({{ points }} as decimal(18, 2)) as {{ points }},
    {%- endfor %}
    {{ brewhouse_utils.banded('customer_health_score', var('customer_health_floors')) }}
        as health_band,
    {{ brewhouse_utils.banded('churn_risk_score', var('churn_risk_floors')) }} as churn_risk_band
from measured
