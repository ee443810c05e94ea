{{ config(
    tags=['refresh_monthly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen('month_start_date', grain='month') }}",
    post_hook=[
        "{{ brewhouse_utils.update_attributes(
            ref('fact_features__catalog'), 'feature_name', ['feature_key', 'feature_category']
        ) }}",
    ],
    indexes=brewhouse_utils.indexes(['feature_name', 'month_start_date'], ['month_start_date']),
) }}

{%- set counts = [
    'new_accounts', 'new_users', 'accounts_using', 'users_using', 'total_usage_events',
    'eligible_accounts', 'eligible_users', 'adopter_accounts', 'adopters_mrr', 'avg_mrr_adopters',
] -%}
{%- set rates = ['account_adoption_rate', 'user_adoption_rate', 'stickiness_rate'] -%}
{%- for plan in var('plans') | list | reverse -%}
{%- do counts.append(plan ~ '_adopters') -%}
{%- do rates.extend([plan ~ '_adoption_rate', plan ~ '_stickiness_rate']) -%}
{%- endfor -%}
{%- set order = 'over (partition by feature_name order by month_start_date)' -%}
with

catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

usage_months as (
    select * from {{ ref('fact_features__usage_months') }}
    where month_end >= first_used_on
),

plan_sums as (
    select
        feature_name,
        month_start_date,
        {{ feature_sums() }}
    from {{ ref('fact_features__plan_months') }}
    group by feature_name, month_start_date
),

rated as (
    select
        plan_sums.*,
        {{ feature_rates() }}
    from plan_sums
),

feature_months as (
    select
        rated.*,
        catalog.feature_key,
        catalog.feature_category,
        usage_months.month_end,
        usage_months.accounts_in_month as monthly_accounts,
        usage_months.users_in_month as monthly_users,
        usage_months.events_in_month as monthly_usage_events,
        usage_months.active_days_in_month as active_days,
        usage_months.uses_in_month as total_usage_count,
        usage_months.new_accounts,
        usage_months.new_users,
        usage_months.accounts_ever as accounts_using,
        usage_months.users_ever as users_using,
        usage_months.events_ever as total_usage_events,
        usage_months.first_used_on as first_usage_date,
        usage_months.last_used_on as last_usage_date,
        usage_months.events_30d as usage_events_30d,
        usage_months.events_30d_before as usage_events_30d_before,
        usage_months.uses_30d,
        usage_months.users_30d,
        usage_months.active_days_30d,
        cast(usage_months.month_end - usage_months.first_used_on as integer) as feature_age_days,
        cast(usage_months.month_end - usage_months.month_start_date + 1 as integer) as days_in_month
    from usage_months
    inner join catalog on usage_months.feature_name = catalog.feature_name
    inner join rated
        on
            usage_months.feature_name = rated.feature_name
            and usage_months.month_start_date = rated.month_start_date
),

scored as (
    select
        *,
        {{ feature_value_score() }} as feature_value_score,
        lag(monthly_accounts) {{ order }} as accounts_before,
        lag(total_usage_count) {{ order }} as usage_before
    from feature_months
)

select
    feature_name,
    feature_key,
    feature_category,
    month_start_date,
    cast({{ brewhouse_utils.shift('month_start_date', 1, 'month') }} as date) - 1 as month_end_date,
    monthly_accounts,
    monthly_users,
    monthly_usage_events,
    active_days,
    total_usage_count,
    {{ brewhouse_utils.ratio('total_usage_count', 'days_in_month', 2) }} as avg_daily_usage,
    {{ brewhouse_utils.ratio('total_usage_count', 'monthly_accounts', 2) }}
        as avg_usage_per_account,
    cast(
        {{ brewhouse_utils.ratio('monthly_accounts', 'accounts_before') }} - 1 as decimal(18, 6)
    ) as accounts_growth_rate,
    cast(
        {{ brewhouse_utils.ratio('total_usage_count', 'usage_before') }} - 1 as decimal(18, 6)
    ) as usage_growth_rate,
    {% for column in counts + rates -%}
    {{ column }},
    {% endfor -%}
    first_usage_date,
    last_usage_date,
    feature_age_days,
    usage_events_30d,
    usage_events_30d_before,
    feature_value_score,
    {{ feature_states() }},
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from scored
where {{ brewhouse_utils.after_settled('month_start_date') }}
