{{ config(
    tags=['refresh_weekly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen('valid_from', grain='week') }}",
    post_hook=[
        "{{ brewhouse_utils.close_versions('user_id') }}",
        "{{ brewhouse_utils.update_attributes(ref('int_users__core'), 'user_id', [
            'user_key', 'account_id', 'user_role', 'role_type_standardized', 'access_level'
        ]) }}",
    ],
    indexes=brewhouse_utils.indexes(['user_id']),
) }}

{%- set tracked = [
    'user_status', 'user_lifecycle_stage', 'user_maturity_stage', 'churn_risk_level',
    'user_value_tier', 'user_engagement_tier', 'activity_level_30d', 'feature_adoption_level',
    'feature_adoption_depth',
] -%}
with

steps as (
    select * from {{ ref('entity_users_weekly') }}
    where may_differ_from_week_before
),

int_users__core as (
    select * from {{ ref('int_users__core') }}
),

history as (
    {{ brewhouse_utils.history_of(
        'steps', 'user_id', 'week_start_date', tracked,
        change_types={
            'status': ['user_status', 'user_lifecycle_stage', 'user_maturity_stage'],
            'value': ['user_value_tier', 'churn_risk_level'],
            'engagement': ['user_engagement_tier', 'activity_level_30d'],
            'adoption': ['feature_adoption_level', 'feature_adoption_depth'],
        },
        carried=[
            'engagement_score', 'features_used_30d', 'feature_categories_used_30d',
            'lifetime_features_used', 'total_sessions_30d', 'active_days_30d',
            'total_page_views_30d', 'avg_session_minutes_30d', 'user_age_days',
            'days_since_last_login', 'last_activity_on',
        ],
        previous={
            'previous_engagement_score': 'engagement_score',
            'previous_activity_level': 'activity_level_30d',
            'previous_engagement_tier': 'user_engagement_tier',
            'previous_features_used_30d': 'features_used_30d',
            'previous_adoption_level': 'feature_adoption_level',
            'previous_sessions_30d': 'total_sessions_30d',
            'previous_churn_risk_level': 'churn_risk_level',
            'previous_value_tier': 'user_value_tier',
        },
        differences={
            'features_adopted_delta': 'lifetime_features_used',
            'sessions_delta': 'total_sessions_30d',
        },
        types={'previous_engagement_score': 'decimal(18, 2)'},
        continued=true,
    ) }}
)

select
    {{ brewhouse_utils.surrogate_key(['history.user_id', 'history.valid_from']) }}
        as user_history_id,
    history.*,
    cast(history.engagement_score - history.previous_engagement_score as decimal(18, 2))
        as engagement_delta,
    int_users__core.user_key,
    int_users__core.account_id,
    int_users__core.user_role,
    int_users__core.role_type_standardized,
    int_users__core.access_level,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from history
inner join int_users__core on history.user_id = int_users__core.user_id
