{%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}

with

stg_app_database__accounts as (
    select * from {{ ref('stg_app_database__accounts') }}
    where account_created_at <= {{ brewhouse_utils.as_of() }}
),

stg_stripe__customers as (
    select * from {{ ref('stg_stripe__customers') }}
),

int_customers__subscriptions as (
    select * from {{ ref('int_customers__subscriptions') }}
),

fact_accounts__estates as (
    select
        *,
        row_number() over (partition by account_id order by estate_number desc) as place_from_last
    from {{ ref('fact_accounts__estates') }}
),

described as (
    select
        stg_app_database__accounts.*,
        {%- for column in [
            'subscription_status', 'end_reason', 'started_at', 'current_period_start',
            'current_period_end', 'trial_start_date', 'trial_end_date',
        ] %}
        subscriptions.{{ column }},
        {%- endfor %}
        {%- for column in [
            'customer_status', 'plan_name', 'first_subscription_date', 'service_since', 'churned_on',
            'mrr', 'highest_mrr', 'overdue_invoices', 'failed_payments_90d', 'total_locations',
        ] %}
        estates.{{ column }},
        {%- endfor %}
        customers.customer_email
    from stg_app_database__accounts
    inner join int_customers__subscriptions as subscriptions
        on stg_app_database__accounts.account_id = subscriptions.account_id
    inner join fact_accounts__estates as estates
        on
            stg_app_database__accounts.account_id = estates.account_id
            and estates.place_from_last = 1
    left join stg_stripe__customers as customers
        on stg_app_database__accounts.stripe_customer_id = customers.stripe_customer_id
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
