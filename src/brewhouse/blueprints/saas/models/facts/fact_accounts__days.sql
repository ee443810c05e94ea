{{ config(materialized="view") }}

{%- set carried = [
    'estate_number', 'device_events_30d', 'sessions_30d', 'active_users_7d',
    'active_users_30d', 'health_engagement', 'health_activation', 'customer_health_score',
    'churn_points_sessions', 'churn_points_device_use', 'churn_points_falling_use',
    'churn_points_idle_users',
] -%}

with

fact_accounts__states as (
    select
        *,
        valid_to - 1 as last_day
    from {{ ref('fact_accounts__states') }}
),

account_days as (
    {{ brewhouse_utils.periods(
        'fact_accounts__states', 'account_id, ' ~ carried | join(', '), 'valid_from', 'last_day', 'day'
    ) }}
)

select
    account_id,
    period_start as snapshot_date,
    {%- for column in carried %}
    {{ column }},
    {%- endfor %}
    cast(lag(customer_health_score) over days_so_far as decimal(5, 2)) as health_1d_ago,
    cast(lag(customer_health_score, 30) over days_so_far as decimal(5, 2)) as health_30d_ago,
    cast(sum(customer_health_score) over (
        partition by account_id order by period_start rows between 29 preceding and current row
    ) as decimal(18, 2)) as health_sum_30d
from account_days
window days_so_far as (partition by account_id order by period_start)
