{{ config(tags=['refresh_15_minutes'], indexes=brewhouse_utils.indexes(['user_id'])) }}

{%- set of_core = [
    'user_id', 'user_key', 'account_id', 'email', 'first_name', 'last_name', 'full_name', 'user_role',
    'role_type_standardized', 'user_status', 'access_level', 'email_domain', 'experiment_variant',
    'is_new_user', 'is_admin_user', 'is_manager_user', 'user_created_at', 'user_age_days',
    'user_age_months', 'days_since_last_login', 'total_sessions_30d', 'total_session_minutes_30d',
    'avg_session_minutes_30d', 'active_days_30d', 'device_types_used_30d',
    'sessions_per_active_day_30d', 'features_used_30d', 'total_feature_interactions_30d',
    'total_feature_uses_30d', 'feature_categories_used_30d', 'avg_features_per_interaction_30d',
    'total_page_views_30d', 'total_time_on_pages_30d', 'page_categories_visited_30d',
    'page_active_days_30d', 'avg_time_per_page_view_30d', 'engagement_score', 'activity_level_30d',
    'feature_adoption_level', 'user_engagement_tier', 'user_lifecycle_stage', 'user_maturity_stage', 'churn_risk_level',
    'user_value_tier', 'feature_adoption_depth', 'lifetime_features_used', 'activity_status',
    'recency_classification', 'last_session_start', 'last_page_view', 'last_feature_usage',
    'last_activity_timestamp', 'last_activity_on',
] -%}
{%- set of_metrics = {
    'avg_page_views_per_session': 'avg_page_views_per_session',
    'feature_adoption_ratio': 'feature_adoption_ratio',
    'total_sessions': 'lifetime_sessions',
    'total_page_views': 'lifetime_page_views',
    'total_feature_interactions': 'lifetime_feature_interactions',
    'sessions_last_7d': 'sessions_last_7d',
    'page_views_last_7d': 'page_views_last_7d',
    'features_used_last_7d': 'features_used_last_7d',
    'first_session_time': 'first_session_time',
    'first_page_view_time': 'first_page_view_time',
    'first_feature_use_time': 'first_feature_use_time',
    'days_since_last_activity': 'days_since_last_activity',
    'activity_recency': 'activity_recency',
    'reading_behavior': 'reading_behavior',
    'feature_interaction_style': 'feature_interaction_style',
} -%}
with

int_users__core as (
    select * from {{ ref('int_users__core') }}
),

int_users__engagement_metrics as (
    select * from {{ ref('int_users__engagement_metrics') }}
)

select
    {%- for column in of_core %}
    int_users__core.{{ column }},
    {%- endfor %}
    {%- for column, name in of_metrics.items() %}
    int_users__engagement_metrics.{{ column }}{{ ' as ' ~ name if name != column }},
    {%- endfor %}
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from int_users__core
inner join int_users__engagement_metrics
    on int_users__core.user_id = int_users__engagement_metrics.user_id
