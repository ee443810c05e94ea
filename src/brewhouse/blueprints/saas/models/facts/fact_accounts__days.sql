{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen(
        'snapshot_date', grain='day', key='account_id', again=ref('fact_locations__returns')
    ) }}",
) }}

{%- set carried = [
    'estate_number', 'device_events_30d', 'sessions_30d', 'active_users_7d',
    'active_users_30d', 'health_engagement', 'health_activation', 'customer_health_score',
    'churn_points_sessions', 'churn_points_device_use', 'churn_points_falling_use',
    'churn_points_idle_users',
] -%}

with

-- Numbers of a day reach thirty days back.
fact_accounts__states as (
    {{ brewhouse_utils.rows_to_add(
        ref('fact_accounts__states'), 'valid_to', 'snapshot_date', 'account_id',
        again=ref('fact_locations__returns'), days_before=31
    ) }}
),

first_days as (
    select
        account_id,
        cast(account_created_at as date) as first_day
    from {{ ref('stg_app_database__accounts') }}
),

account_days as (
    {{ brewhouse_utils.periods(
        'fact_accounts__states', 'account_id, ' ~ carried | join(', '), 'valid_from', 'valid_to - 1', 'day'
    ) }}
),

days as (
    select
        account_id,
        period_start as snapshot_date,
        {%- for column in carried %}
        {{ column }},
        {%- endfor %}
        lag(customer_health_score) over days_so_far as last_health,
        lag(customer_health_score, 30) over days_so_far as health_30_rows_ago,
        cast(sum(customer_health_score) over (
            partition by account_id order by period_start rows between 29 preceding and current row
        ) as decimal(18, 2)) as health_sum_30d
    from account_days
    window days_so_far as (partition by account_id order by period_start)
)

-- An account that comes back had no health in between.
select
    days.account_id,
    days.snapshot_date,
    {%- for column in carried %}
    days.{{ column }},
    {%- endfor %}
    cast(case
        when days.snapshot_date > first_days.first_day then coalesce(days.last_health, 0)
    end as decimal(5, 2)) as health_1d_ago,
    cast(case
        when days.snapshot_date - 30 >= first_days.first_day
            then coalesce(days.health_30_rows_ago, 0)
    end as decimal(5, 2)) as health_30d_ago,
    days.health_sum_30d
from days
inner join first_days on days.account_id = first_days.account_id
where {{ brewhouse_utils.after_settled(
    'days.snapshot_date', 'snapshot_date', 'days.account_id', again=ref('fact_locations__returns')
) }}
