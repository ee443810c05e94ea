{{ config(materialized='view') }}

{%- set from_estates = [
    'customer_status', 'customer_tier', 'plan_name', 'billing_cycle', 'contract_ends_on', 'churned_on',
    'service_since', 'first_subscription_date', 'active_subscriptions', 'total_subscriptions',
    'overdue_invoices', 'mrr', 'mrr_30d_ago', 'mrr_sum_30d', 'mrr_squares_30d',
    'max_mrr_30d', 'min_mrr_30d', 'total_users',
    'total_locations', 'active_locations', 'total_devices', 'healthy_devices', 'down_devices',
    'open_tickets', 'tickets_opened_30d', 'failed_payments_30d', 'health_mrr', 'health_devices',
    'churn_points_payment', 'churn_points_contract', 'churn_points_plan', 'churn_points_tickets',
    'churn_points_devices',
] -%}

with

stg_app_database__accounts as (
    select * from {{ ref('stg_app_database__accounts') }}
),

fact_accounts__days as (
    select * from {{ ref('fact_accounts__days') }}
),

fact_accounts__estates as (
    select * from {{ ref('fact_accounts__estates') }}
),

account_days as (
    select
        dated.*,
        {%- for column in from_estates %}
        estates.{{ column }},
        {%- endfor %}
        stg_app_database__accounts.account_name,
        stg_app_database__accounts.industry,
        stg_app_database__accounts.account_created_at,
        case when dated.snapshot_date = estates.terms_from then estates.mrr_movement end
            as mrr_movement,
        {%- for movement in var('mrr_movements') %}
        cast(case
            when dated.snapshot_date = estates.terms_from then estates.{{ movement }}_mrr
            else 0
        end as decimal(18, 2)) as {{ movement }}_mrr,
        {%- endfor %}
        {{ brewhouse_utils.date_diff_days('estates.mrr_windows_on', 'dated.snapshot_date') }}
            as days_of_mrr_windows,
        cast(case
            when estates.customer_status <> 'churned'
                then {{ churn_points_of_falling_health(
                    'dated.customer_health_score', 'dated.health_30d_ago'
                ) }}
        end as decimal(4, 2)) as churn_points_falling_health,
        {{ brewhouse_utils.date_diff_days(
            'stg_app_database__accounts.account_created_at', 'dated.snapshot_date'
        ) }}
        + 1 as day_sequence
    from fact_accounts__days as dated
    inner join fact_accounts__estates as estates
        on
            dated.account_id = estates.account_id
            and dated.estate_number = estates.estate_number
    inner join stg_app_database__accounts
        on dated.account_id = stg_app_database__accounts.account_id
)

select
    *,
    least(day_sequence, 30) as window_days,
    {{ churn_risk('customer_status', churn_risk_sources()) }} as churn_risk_score
from account_days
