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

fact_features__months as (
    select * from {{ ref('fact_features__months') }}
),

feature_months as (
    select
        fact_features__months.*,
        catalog.feature_key,
        catalog.feature_category
    from fact_features__months
    inner join catalog on fact_features__months.feature_name = catalog.feature_name
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
