{{ config(
    tags=['refresh_monthly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen('valid_from', grain='month') }}",
    post_hook=[
        "{{ brewhouse_utils.close_versions('feature_name') }}",
        "{{ brewhouse_utils.update_attributes(
            ref('fact_features__catalog'), 'feature_name', ['feature_key', 'feature_category']
        ) }}",
    ],
    indexes=brewhouse_utils.indexes(['feature_name']),
) }}

{%- set tracked = [
    'adoption_stage', 'strategic_importance', 'market_fit_segment', 'engagement_level',
    'usage_frequency', 'feature_maturity', 'lifecycle_stage', 'roadmap_recommendation',
] -%}
{%- set carried = [
    'accounts_using', 'users_using', 'total_usage_events', 'account_adoption_rate',
    'user_adoption_rate', 'adopter_accounts', 'adopters_mrr', 'avg_mrr_adopters',
    'feature_value_score', 'stickiness_rate', 'first_usage_date', 'last_usage_date',
    'feature_age_days',
] -%}
{%- for plan in var('plans') -%}
{%- do carried.extend([plan ~ '_adopters', plan ~ '_stickiness_rate']) -%}
{%- endfor -%}
with

entity_features_monthly as (
    select * from {{ ref('entity_features_monthly') }}
),

catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

history as (
    {{ brewhouse_utils.history_of(
        'entity_features_monthly', 'feature_name', 'month_start_date', tracked,
        change_types={
            'lifecycle': ['lifecycle_stage', 'feature_maturity'],
            'importance': ['strategic_importance', 'roadmap_recommendation'],
            'adoption': ['adoption_stage', 'market_fit_segment'],
            'usage': ['engagement_level', 'usage_frequency'],
        },
        carried=carried,
        previous={
            'previous_adoption_rate': 'account_adoption_rate',
            'previous_adoption_stage': 'adoption_stage',
            'previous_value_score': 'feature_value_score',
            'previous_strategic_importance': 'strategic_importance',
            'previous_engagement_level': 'engagement_level',
            'previous_lifecycle_stage': 'lifecycle_stage',
        },
        types={
            'previous_adoption_rate': 'decimal(18, 6)', 'previous_value_score': 'decimal(18, 2)',
        },
        continued=true,
    ) }}
)

select
    {{ brewhouse_utils.surrogate_key(['history.feature_name', 'history.valid_from']) }}
        as feature_history_id,
    catalog.feature_key,
    catalog.feature_category,
    history.*,
    cast(history.account_adoption_rate - history.previous_adoption_rate as decimal(18, 6))
        as adoption_rate_change,
    cast(history.feature_value_score - history.previous_value_score as decimal(18, 2))
        as value_score_change,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from history
inner join catalog on history.feature_name = catalog.feature_name
