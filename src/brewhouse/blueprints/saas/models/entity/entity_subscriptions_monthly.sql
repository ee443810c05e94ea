{{ config(
    tags=['refresh_monthly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen('month_start_date', grain='month') }}",
    indexes=brewhouse_utils.indexes(['subscription_id', 'month_start_date'], ['month_start_date']),
) }}

with

fact_subscriptions__months as (
    select * from {{ ref('fact_subscriptions__months') }}
),

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

months as (
    select
        fact_subscriptions__months.*,
        fact_subscriptions__terms.account_id,
        fact_subscriptions__terms.plan_type,
        fact_subscriptions__terms.billing_interval,
        fact_subscriptions__terms.is_replaced,
        {{ brewhouse_utils.month_start('fact_subscriptions__terms.started_at') }} as cohort_month,
        {{ brewhouse_utils.shift(
            brewhouse_utils.shift('fact_subscriptions__months.month_start_date', 1, 'month'),
            -1, 'microsecond'
        ) }} as last_moment,
        coalesce(lag(fact_subscriptions__months.mrr) over (
            partition by fact_subscriptions__months.subscription_id
            order by fact_subscriptions__months.month_start_date
        ), 0) as start_mrr,
        clock.as_of
    from fact_subscriptions__months
    inner join fact_subscriptions__terms
        on fact_subscriptions__months.subscription_id = fact_subscriptions__terms.subscription_id
    cross join clock
)

select
    -- ids and month
    subscription_id,
    {{ brewhouse_utils.surrogate_key('subscription_id') }} as subscription_key,
    account_id,
    month_start_date,
    cast(last_moment as date) as month_end_date,
    least(last_moment, as_of) as state_at,

    -- how it stood at the end
    plan_type,
    billing_interval,
    subscription_status as subscription_state,
    lifecycle_stage,
    mrr as monthly_recurring_revenue,
    cast(mrr * 12 as decimal(18, 2)) as annual_recurring_revenue,
    recognized_mrr,
    {{ mrr_at_risk('mrr', 'risk_classification') }} as mrr_at_risk,
    payment_health_score,
    churn_risk_score,
    subscription_health_status,
    risk_classification,
    payment_behavior,
    subscription_value_tier,

    -- what the month brought
    cast(start_mrr as decimal(18, 2)) as start_mrr,
    new_mrr,
    churned_mrr,
    expansion_mrr,
    contraction_mrr,
    reactivation_mrr,
    transferred_mrr,

    -- cohort and counts
    cohort_month,
    {{ brewhouse_utils.months_between('cohort_month', 'month_start_date') }} as months_since_start,
    case when start_mrr > 0 then mrr > 0 end as is_retained,
    case when subscription_status in ('active', 'past_due') then 1 else 0 end
        as active_subscription_count,
    new_subscription_count,
    churned_subscription_count,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from months
where {{ brewhouse_utils.after_settled('month_start_date') }}
