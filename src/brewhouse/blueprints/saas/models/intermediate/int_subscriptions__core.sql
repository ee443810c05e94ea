{%- set as_of = brewhouse_utils.as_of() -%}

with

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

fact_subscriptions__states as (
    select * from {{ ref('fact_subscriptions__states') }}
),

last_moments as (
    select
        subscription_id,
        max(changed_at) as changed_at
    from fact_subscriptions__states
    group by subscription_id
),

current_states as (
    select fact_subscriptions__states.*
    from fact_subscriptions__states
    inner join last_moments
        on
            fact_subscriptions__states.subscription_id = last_moments.subscription_id
            and fact_subscriptions__states.changed_at = last_moments.changed_at
),

clock as (
    select {{ as_of }} as as_of
),

subscriptions as (
    select
        fact_subscriptions__terms.*,
        current_states.subscription_status,
        current_states.lifecycle_stage,
        current_states.mrr,
        current_states.recognized_mrr,
        current_states.subscription_health_status,
        current_states.subscription_value_tier,
        coalesce(fact_subscriptions__terms.ended_at, clock.as_of) as last_moment,
        coalesce(fact_subscriptions__terms.ended_at, clock.as_of)
        > fact_subscriptions__terms.paid_from as is_paid_for
    from fact_subscriptions__terms
    inner join current_states
        on fact_subscriptions__terms.subscription_id = current_states.subscription_id
    cross join clock
)

select
    -- ids
    {{ brewhouse_utils.surrogate_key('subscription_id') }} as subscription_key,
    subscription_id,
    stripe_subscription_id,
    account_id,

    -- what it is and what it brings
    subscription_status,
    lifecycle_stage,
    plan_type,
    billing_interval,
    mrr as monthly_recurring_revenue,
    cast(mrr * 12 as decimal(18, 2)) as annual_recurring_revenue,
    recognized_mrr,

    -- its days
    subscription_created_at,
    started_at as subscription_started_at,
    ended_at as canceled_at,
    current_period_start,
    current_period_end,
    {{ brewhouse_utils.date_diff_days('started_at', 'last_moment') }} as subscription_age_days,
    {{ brewhouse_utils.months_between('started_at', 'last_moment') }} as subscription_age_months,
    cast(trial_started_at as date) as trial_start_date,
    cast(trial_ends_at as date) as trial_end_date,
    {{ brewhouse_utils.date_diff_days('trial_started_at', 'trial_ends_at') }}
        as trial_duration_days,
    case when is_paid_for then {{ brewhouse_utils.date_diff_days('paid_from', 'last_moment') }} end
        as lifetime_days,
    subscription_status = 'trial' as is_in_trial,
    subscription_status = 'ended' and is_replaced as is_replaced,
    subscription_status = 'ended' and not is_replaced as has_churned,

    -- classes
    subscription_health_status,
    subscription_value_tier,

    -- the two sources
    data_source,
    app_mrr,
    coalesce(app_mrr <> mrr, true) as mrr_mismatch,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from subscriptions
