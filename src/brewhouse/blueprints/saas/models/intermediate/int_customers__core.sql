{%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}

with

stg_app_database__accounts as (
    select * from {{ ref('stg_app_database__accounts') }}
    where account_created_at <= {{ brewhouse_utils.as_of() }}
),

stg_app_database__subscriptions as (
    select * from {{ ref('stg_app_database__subscriptions') }}
),

stg_stripe__subscriptions as (
    select * from {{ ref('stg_stripe__subscriptions') }}
),

stg_stripe__customers as (
    select * from {{ ref('stg_stripe__customers') }}
),

fact_accounts__status as (
    select
        *,
        row_number() over (partition by account_id order by changed_at desc) as place_from_last
    from {{ ref('fact_accounts__status') }}
),

fact_accounts__estates as (
    select
        *,
        row_number() over (partition by account_id order by estate_number desc) as place_from_last
    from {{ ref('fact_accounts__estates') }}
),

trials as (
    select
        account_id,
        min(trial_start_date) as trial_start_date,
        min(trial_end_date) as trial_end_date
    from stg_app_database__subscriptions
    group by account_id
),

described as (
    select
        stg_app_database__accounts.*,
        subscriptions.subscription_status,
        subscriptions.end_reason,
        last_status.customer_status,
        last_status.plan_name,
        stripe.started_at,
        stripe.current_period_start,
        stripe.current_period_end,
        trials.trial_start_date,
        trials.trial_end_date,
        customers.customer_email,
        estates.first_subscription_date,
        estates.service_since,
        estates.churned_on,
        estates.mrr,
        estates.highest_mrr,
        estates.overdue_invoices,
        estates.failed_payments_90d,
        estates.total_locations
    from stg_app_database__accounts
    inner join fact_accounts__status as last_status
        on stg_app_database__accounts.account_id = last_status.account_id and last_status.place_from_last = 1
    inner join fact_accounts__estates as estates
        on stg_app_database__accounts.account_id = estates.account_id and estates.place_from_last = 1
    inner join stg_app_database__subscriptions as subscriptions
        on last_status.subscription_id = subscriptions.subscription_id
    left join stg_stripe__subscriptions as stripe
        on subscriptions.stripe_subscription_id = stripe.stripe_subscription_id
    left join stg_stripe__customers as customers
        on stg_app_database__accounts.stripe_customer_id = customers.stripe_customer_id
    left join trials
        on stg_app_database__accounts.account_id = trials.account_id
)

select
    account_id,
    account_key,
    account_name,
    account_type,
    industry as industry_vertical,
    customer_status as account_status,
    subscription_status,
    mrr as monthly_recurring_revenue,
    plan_name as plan_type,
    started_at as subscription_started_at,
    current_period_start,
    current_period_end,
    trial_start_date,
    trial_end_date,
    {{ brewhouse_utils.date_diff_days('trial_start_date', 'trial_end_date') }}
        as trial_duration_days,
    customer_email as billing_email,
    total_locations,
    company_size_category,
    account_type_tier,
    account_age_days,
    account_age_months,
    customer_status = 'trial' as is_trial_account,
    is_new_customer,
    cast(12 * mrr as decimal(18, 2)) as annual_recurring_revenue,
    {{ brewhouse_utils.ratio('mrr', 'total_locations', 2) }} as mrr_per_location,
    {{ subscription_health(
        'customer_status', 'overdue_invoices', 'failed_payments_90d', 'mrr', 'highest_mrr'
    ) }} as subscription_health_score,
    {{ customer_lifecycle_stage(
        'customer_status', 'first_subscription_date', 'service_since', today
    ) }} as customer_lifecycle_stage,
    {{ brewhouse_utils.built_at() }} as _int_updated_at,

    -- beyond the fixed list
    end_reason as churn_reason,
    churned_on
from described
