{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
with

int_users__core as (
    select * from {{ ref('int_users__core') }}
),

fact_users__totals as (
    select * from {{ ref('fact_users__totals') }}
),

fact_users__available_features as (
    select * from {{ ref('fact_users__available_features') }}
),

metrics as (
    select
        int_users__core.*,
        fact_users__available_features.features_available,
        fact_users__available_features.features_used as available_features_used,
        cast({{ last_day }} - int_users__core.last_activity_on as integer)
            as days_since_last_activity,
        {%- for name, column in {
            'total_sessions': 'sessions',
            'sessions_last_7d': 'sessions_7d',
            'total_session_duration_seconds': 'session_seconds',
            'total_page_views': 'page_views',
            'page_views_last_7d': 'page_views_7d',
            'unique_page_categories': 'page_categories',
            'total_time_on_pages_seconds': 'page_seconds',
            'features_used_last_7d': 'features_7d',
            'total_feature_interactions': 'feature_interactions',
        }.items() %}
        coalesce(fact_users__totals.{{ column }}, 0) as {{ name }},
        {%- endfor %}
        fact_users__totals.first_session_at as first_session_time,
        fact_users__totals.first_page_view_at as first_page_view_time,
        fact_users__totals.first_feature_use_at as first_feature_use_time
    from int_users__core
    left join fact_users__totals on int_users__core.user_id = fact_users__totals.user_id
    left join fact_users__available_features
        on int_users__core.user_id = fact_users__available_features.user_id
)

select
    user_id,
    user_key,
    account_id,
    email,
    full_name,
    user_role,
    role_type_standardized as role_category,
    user_created_at,
    total_sessions,
    total_sessions_30d as sessions_last_30d,
    sessions_last_7d,
    {{ brewhouse_utils.ratio('total_session_duration_seconds', 'total_sessions', 2) }}
        as avg_session_duration_seconds,
    total_session_duration_seconds,
    last_session_start as last_session_time,
    first_session_time,
    total_page_views,
    total_page_views_30d as page_views_last_30d,
    page_views_last_7d,
    unique_page_categories,
    total_time_on_pages_seconds,
    {{ brewhouse_utils.ratio('total_time_on_pages_seconds', 'total_page_views', 2) }}
        as avg_time_per_page_seconds,
    last_page_view as last_page_view_time,
    first_page_view_time,
    lifetime_features_used as unique_features_used,
    features_used_30d as features_used_last_30d,
    features_used_last_7d,
    total_feature_interactions,
    last_feature_usage as last_feature_use_time,
    first_feature_use_time,
    {{ brewhouse_utils.ratio('total_page_views', 'total_sessions', 4) }}
        as avg_page_views_per_session,
    features_available,
    available_features_used,
    {{ brewhouse_utils.ratio('available_features_used', 'features_available', 4) }}
        as feature_adoption_ratio,
    last_activity_timestamp,
    days_since_last_activity,
    engagement_score,
    user_engagement_tier,
    case
        when last_activity_on is null then 'never'
        else {{ brewhouse_utils.banded('days_since_last_activity', var('user_recency_floors')) }}
    end as activity_recency,
    case
        when total_page_views_30d = 0 then 'none'
        else {{ brewhouse_utils.banded(
            'avg_time_per_page_view_30d', var('reading_behavior_floors')
        ) }}
    end as reading_behavior,
    case
        when total_feature_interactions_30d = 0 then 'none'
        else {{ brewhouse_utils.banded(
            brewhouse_utils.ratio('total_feature_uses_30d', 'total_feature_interactions_30d', 2),
            var('feature_interaction_floors')
        ) }}
    end as feature_interaction_style,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from metrics
