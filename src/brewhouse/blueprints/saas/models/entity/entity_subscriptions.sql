{{ config(tags=['refresh_15_minutes'], indexes=brewhouse_utils.indexes(['subscription_id'])) }}

with

int_subscriptions__revenue_metrics as (
    select * from {{ ref('int_subscriptions__revenue_metrics') }}
),

fact_accounts__in_use as (
    select * from {{ ref('fact_accounts__in_use') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

-- Of one that has ended, nothing is in use and nothing can be renewed.
subscriptions as (
    select
        int_subscriptions__revenue_metrics.*,
        case
            when int_subscriptions__revenue_metrics.canceled_at is null
                then coalesce(fact_accounts__in_use.locations_in_use, 0)
        end as locations_in_use,
        case
            when int_subscriptions__revenue_metrics.canceled_at is null
                then coalesce(fact_accounts__in_use.devices_in_use, 0)
        end as devices_in_use,
        case
            when int_subscriptions__revenue_metrics.canceled_at is null
                then {{ brewhouse_utils.date_diff_days(
                    'clock.as_of', 'int_subscriptions__revenue_metrics.current_period_end'
                ) }}
        end as days_until_renewal
    from int_subscriptions__revenue_metrics
    left join fact_accounts__in_use
        on int_subscriptions__revenue_metrics.account_id = fact_accounts__in_use.account_id
    cross join clock
)

select
    subscription_id,
    subscription_key,
    stripe_subscription_id,
    account_id,
    subscription_status,
    plan_type,
    billing_interval,
    monthly_recurring_revenue,
    annual_recurring_revenue,
    recognized_mrr,
    lifetime_value,
    estimated_annual_ltv,
    mrr_at_risk,

    -- days
    subscription_created_at,
    subscription_started_at,
    canceled_at,
    current_period_start,
    current_period_end,
    subscription_age_days,
    subscription_age_months,
    lifetime_days,
    trial_start_date,
    trial_end_date,
    trial_duration_days,
    is_in_trial,

    -- payments
    total_invoices,
    paid_invoices,
    written_off_invoices,
    invoices_in_arrears,
    unpaid_attempts,
    payment_success_rate,
    recent_payment_rate,
    charge_success_rate,
    avg_days_to_payment,
    days_since_last_payment,
    last_payment_date,

    -- scores and classes
    payment_health_score,
    churn_risk_score,
    subscription_health_status,
    risk_classification,
    payment_behavior,
    subscription_value_tier,
    lifecycle_stage,
    locations_in_use,
    devices_in_use,
    {{ expansion_opportunity('locations_in_use', 'devices_in_use', 'plan_type') }}
        as expansion_opportunity_score,
    coalesce(days_until_renewal <= {{ var('renewal_notice_days') }}, false) as upcoming_renewal,
    days_until_renewal,
    has_churned,
    is_replaced,
    mrr_mismatch,
    data_source,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from subscriptions
