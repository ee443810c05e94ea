{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
with

stg_app_database__users as (
    select * from {{ ref('stg_app_database__users') }}
    where user_created_at <= {{ brewhouse_utils.as_of() }}
),

fact_users__totals as (
    select * from {{ ref('fact_users__totals') }}
),

running_terms as (
    select distinct user_id from {{ ref('fact_users__service_terms') }}
    where valid_to is null
),

users as (
    select
        {{ own_columns('stg_app_database__users', [
            'user_id', 'user_key', 'account_id', 'email', 'first_name', 'last_name', 'full_name',
            'user_role', 'email_domain', 'experiment_variant', 'user_created_at',
        ]) }},
        stg_app_database__users.role_category as role_type_standardized,
        {{ brewhouse_utils.mapped(
            'stg_app_database__users.user_role', var('user_access_levels'), 'other'
        ) }} as access_level,
        cast(stg_app_database__users.user_created_at as date) as user_created_on,
        running_terms.user_id is not null as is_in_service,
        {%- for name, column in {
            'total_sessions_30d': 'sessions_30d',
            'session_seconds_30d': 'session_seconds_30d',
            'active_days_30d': 'active_days_30d',
            'device_types_used_30d': 'device_types_30d',
            'features_used_30d': 'features_30d',
            'feature_categories_used_30d': 'feature_categories_30d',
            'total_feature_interactions_30d': 'feature_interactions_30d',
            'total_feature_uses_30d': 'feature_uses_30d',
            'total_page_views_30d': 'page_views_30d',
            'total_time_on_pages_30d': 'page_seconds_30d',
            'page_categories_visited_30d': 'page_categories_30d',
            'page_active_days_30d': 'page_active_days_30d',
            'lifetime_features_used': 'features',
        }.items() %}
        coalesce(fact_users__totals.{{ column }}, 0) as {{ name }},
        {%- endfor %}
        fact_users__totals.last_session_at as last_session_start,
        fact_users__totals.last_page_view_at as last_page_view,
        fact_users__totals.last_feature_use_at as last_feature_usage,
        fact_users__totals.last_activity_at as last_activity_timestamp,
        cast(fact_users__totals.last_session_at as date) as last_login_on,
        fact_users__totals.last_activity_on
    from stg_app_database__users
    left join fact_users__totals
        on stg_app_database__users.user_id = fact_users__totals.user_id
    left join running_terms on stg_app_database__users.user_id = running_terms.user_id
),

scored as (
    select
        *,
        cast({{ last_day }} - user_created_on as integer) as user_age_days,
        cast({{ last_day }} - last_login_on as integer) as days_since_last_login,
        {{ user_engagement_score_30d() }} as engagement_score
    from users
)

select
    *,
    engagement_score as engagement_score_30d,
    {{ brewhouse_utils.ratio('session_seconds_30d', 60, 2) }} as total_session_minutes_30d,
    {{ brewhouse_utils.ratio('session_seconds_30d', 'total_sessions_30d * 60', 2) }}
        as avg_session_minutes_30d,
    {{ brewhouse_utils.ratio('features_used_30d', 'total_feature_interactions_30d', 4) }}
        as avg_features_per_interaction_30d,
    {{ brewhouse_utils.ratio('total_time_on_pages_30d', 'total_page_views_30d', 2) }}
        as avg_time_per_page_view_30d,
    {{ brewhouse_utils.ratio('total_sessions_30d', 'active_days_30d', 4) }}
        as sessions_per_active_day_30d,
    {{ brewhouse_utils.months_between('user_created_on', last_day) }} as user_age_months,
    user_age_days < {{ var('new_user_days') }} as is_new_user,
    role_type_standardized = 'administrative' as is_admin_user,
    role_type_standardized = 'managerial' as is_manager_user,
    case
        when active_days_30d > 0 then 'active'
        when last_activity_on is not null then 'inactive'
        else 'never_active'
    end as activity_status,
    case
        when last_login_on is null then 'never'
        else {{ brewhouse_utils.banded('days_since_last_login', var('user_recency_floors')) }}
    end as recency_classification,
    {{ user_levels() }},
    {{ user_stages(last_day) }},
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from scored
