{%- set carried = [
    'user_id', 'week_start_date', 'total_sessions_30d', 'session_seconds_30d', 'active_days_30d',
    'total_page_views_30d', 'features_used_30d', 'feature_categories_used_30d',
    'lifetime_features_used', 'is_in_service', 'last_login_on', 'last_activity_on',
    'engagement_score', 'engagement_score_before',
] -%}
{%- set of_user = [
    'account_id', 'user_role', 'role_type_standardized', 'user_created_on',
] -%}
{%- set of_week = {
    'sessions': 'weekly_sessions',
    'active_days': 'active_days',
    'session_seconds': 'session_seconds',
    'longest_session_seconds': 'longest_session_seconds',
    'device_types': 'device_types_used',
    'features': 'features_used',
    'feature_categories': 'feature_categories_used',
    'feature_interactions': 'total_feature_interactions',
    'feature_uses': 'total_feature_uses',
    'page_views': 'total_page_views',
    'page_categories': 'page_categories_visited',
    'page_seconds': 'total_time_on_pages',
    'features_adopted': 'weekly_feature_adoption',
} -%}
with

fact_users__states as (
    select * from {{ ref('fact_users__states') }}
),

fact_users__weekly as (
    select * from {{ ref('fact_users__weekly') }}
),

int_users__core as (
    select * from {{ ref('int_users__core') }}
),

states as (
    {{ brewhouse_utils.stretched(
        'fact_users__states', carried, 'week_start_date', 'last_week_start_date', 'week'
    ) }}
),

weeks as (
    select
        states.*,
        {%- for column in of_user %}
        int_users__core.{{ column }},
        {%- endfor %}
        {%- for column, name in of_week.items() %}
        coalesce(this_week.{{ column }}, 0) as {{ name }},
        {%- endfor %}
        this_week.last_activity_at as last_activity_in_week,
        coalesce(week_before.sessions, 0) as sessions_before,
        coalesce(week_before.features, 0) as features_before,
        states.period_start <= int_users__core.user_created_on as is_first_week,
        least(states.period_start + 6, cast({{ brewhouse_utils.as_of() }} as date)) as state_on
    from states
    inner join int_users__core on states.user_id = int_users__core.user_id
    left join fact_users__weekly as this_week
        on
            states.user_id = this_week.user_id
            and states.period_start = this_week.week_start_date
    left join fact_users__weekly as week_before
        on
            states.user_id = week_before.user_id
            and states.period_start = week_before.week_start_date + 7
)

{{ user_weeks('weeks') }}
