{{ config(tags=['refresh_15_minutes'], indexes=brewhouse_utils.indexes(['account_id'])) }}

{%- set as_of = brewhouse_utils.as_of() -%}

with

entity_customers_daily as (
    select * from {{ ref('entity_customers_daily') }}
),

fact_accounts__terms as (
    select * from {{ ref('fact_accounts__terms') }}
),

int_customers__core as (
    select * from {{ ref('int_customers__core') }}
),

int_customers__devices as (
    select * from {{ ref('int_customers__devices') }}
),

int_customers__users as (
    select * from {{ ref('int_customers__users') }}
),

last_days as (
    select
        account_id,
        max(valid_to) - 1 as last_day
    from fact_accounts__terms
    where valid_from < valid_to
    group by account_id
),

current_days as (
    select entity_customers_daily.*
    from entity_customers_daily
    inner join last_days
        on
            entity_customers_daily.account_id = last_days.account_id
            and entity_customers_daily.snapshot_date = last_days.last_day
)

select
    current_days.account_id,
    current_days.company_name,
    current_days.industry,
    current_days.customer_tier,
    current_days.customer_status,
    current_days.created_at,
    current_days.first_subscription_date,
    {{ brewhouse_utils.date_diff_days('current_days.created_at', as_of) }} as days_since_creation,
    current_days.customer_lifetime_days,
    current_days.monthly_recurring_revenue,
    current_days.annual_recurring_revenue,
    current_days.active_subscriptions,
    current_days.total_subscriptions,
    current_days.total_devices,
    current_days.device_events_30d,
    {{ brewhouse_utils.ratio(
        'device_use.device_seconds_30d - device_use.device_seconds_down_30d', 'device_use.device_seconds_30d'
    ) }} as avg_device_uptime_30d,
    current_days.healthy_devices,
    current_days.device_health_percentage,
    device_use.last_device_activity,
    current_days.total_users,
    current_days.active_users_7d,
    current_days.active_users_30d,
    current_days.user_activation_rate_30d,
    {{ brewhouse_utils.ratio_or_zero(
        '100 * user_use.engaged_days_30d', var('engaged_days_30d') ~ ' * current_days.total_users', 2
    ) }} as avg_user_engagement_score,
    user_use.last_user_activity,
    current_days.total_locations,
    current_days.active_locations,
    current_days.customer_health_score,
    current_days.churn_risk_score,
    {{ brewhouse_utils.built_at() }} as last_updated_at,

    -- beyond the fixed list
    {%- for column in [
        'lifecycle_stage', 'plan_name', 'billing_cycle', 'contract_ends_on', 'churned_on', 'cohort_month',
        'payment_state', 'failed_payments_30d', 'sessions_30d', 'down_devices', 'open_tickets',
        'tickets_opened_30d', 'mrr_30d_change', 'health_score_30d_change', 'avg_health_score_30d',
        'health_trajectory_30d', 'mrr_trajectory_30d', 'health_band', 'health_mrr_points',
        'health_engagement_points', 'health_devices_points', 'health_activation_points', 'churn_risk_band',
    ] + churn_risk_sources() %}
    current_days.{{ column }},
    {%- endfor %}
    core.account_type,
    core.company_size_category,
    core.subscription_health_score,
    core.churn_reason
from current_days
inner join int_customers__core as core
    on current_days.account_id = core.account_id
left join int_customers__devices as device_use
    on current_days.account_id = device_use.account_id
left join int_customers__users as user_use
    on current_days.account_id = user_use.account_id
