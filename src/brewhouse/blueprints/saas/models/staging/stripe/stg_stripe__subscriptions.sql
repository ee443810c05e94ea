with

base_stripe__subscriptions as (
    select * from {{ ref('base_stripe__subscriptions') }}
),

aged_subscriptions as (
    select
        *,
        {{ brewhouse_utils.mapped('status', var('stripe_subscription_groups'), 'other') }}
            as subscription_status_category,
        coalesce(started_at, subscription_created_at) as first_moment,
        coalesce(ended_at, {{ brewhouse_utils.as_of() }}) as last_moment
    from base_stripe__subscriptions
    where data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        stripe_subscription_id,
        {{ brewhouse_utils.surrogate_key('stripe_subscription_id') }} as stripe_subscription_key,
        stripe_customer_id,
        stripe_payment_method_id,
        stripe_latest_invoice_id,

        -- terms
        status,
        cancel_at_period_end,
        days_until_due,
        billing_cycle_anchor,
        current_period_start,
        current_period_end,

        -- days
        cast(started_at as date) as subscription_start_date,
        cast(trial_started_at as date) as trial_start_date,
        cast(trial_ends_at as date) as trial_end_date,
        coalesce(status = 'trialing', false) as is_in_trial,
        cast(canceled_at as date) as canceled_at_date,
        cast(cancel_at as date) as cancel_at_date,
        cast(ended_at as date) as ended_at_date,
        account_id,

        -- classes
        subscription_status_category,
        case
            when subscription_status_category in ('trial', 'ended', 'pending')
                then subscription_status_category
            when subscription_status_category = 'other' then 'pending'
            when subscription_status_category = 'in_arrears' then 'at_risk'
            when cancel_at_period_end or cancel_at is not null then 'ending'
            else {{ brewhouse_utils.banded(
                brewhouse_utils.date_diff_days('first_moment', 'last_moment'),
                var('stripe_tenure_floors_days'), 'new'
            ) }}
        end as lifecycle_stage,
        {{ brewhouse_utils.date_diff_days('first_moment', 'last_moment') }}
            as subscription_age_days,
        {{ brewhouse_utils.months_between('first_moment', 'last_moment') }}
            as subscription_age_months,

        -- the rest
        livemode,
        data_quality_flag,
        metadata,
        discount,
        subscription_items,
        subscription_created_at,
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,

        -- beyond the published columns
        app_subscription_id,
        plan_name,
        coalesce(status in ({{ brewhouse_utils.sql_list(var('stripe_mrr_statuses')) }}), false)
            as counts_in_mrr,
        discount_percent,
        discount_duration,
        discount_months,
        started_at,
        trial_started_at,
        trial_ends_at,
        cancel_at,
        canceled_at,
        ended_at,
        synced_at,
        _source_file,
        _source_row
    from aged_subscriptions
)

select * from categorised
