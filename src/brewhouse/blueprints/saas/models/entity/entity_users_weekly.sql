{{ config(
    tags=['refresh_weekly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen('week_start_date', grain='week') }}",
    post_hook=[
        "{{ brewhouse_utils.update_attributes(ref('int_users__core'), 'user_id', [
            'account_id', 'user_role', 'role_type_standardized'
        ]) }}",
    ],
    indexes=brewhouse_utils.indexes(['user_id', 'week_start_date'], ['week_start_date']),
) }}

{%- set of_user = ['account_id', 'user_role', 'role_type_standardized', 'user_created_on'] -%}
{%- set of_state = [
    'user_id', 'week_start_date', 'total_sessions_30d', 'session_seconds_30d', 'active_days_30d',
    'total_page_views_30d', 'features_used_30d', 'feature_categories_used_30d',
    'lifetime_features_used', 'is_in_service', 'last_login_on', 'last_activity_on',
    'engagement_score', 'engagement_score_before',
] -%}
{%- set levels = [
    'user_value_tier', 'user_engagement_tier', 'activity_level_30d', 'feature_adoption_level',
    'feature_adoption_depth',
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

int_users__core as (
    select * from {{ ref('int_users__core') }}
),

fact_users__states as (
    select * from {{ ref('fact_users__states') }}
),

fact_users__weekly as (
    select * from {{ ref('fact_users__weekly') }}
),

states as (
    select
        {%- for column in of_state %}
        fact_users__states.{{ column }},
        {%- endfor %}
        {%- for column in of_user %}
        int_users__core.{{ column }},
        {%- endfor %}
        fact_users__states.last_week_start_date
    from fact_users__states
    inner join int_users__core on fact_users__states.user_id = int_users__core.user_id
    where {{ brewhouse_utils.after_settled(
        'fact_users__states.last_week_start_date', 'week_start_date'
    ) }}
),

-- Said of a stretch of weeks once, before it is a row for each of them.
levelled as (
    select
        *,
        {{ user_levels() }}
    from states
),

stretched_weeks as (
    {{ brewhouse_utils.stretched(
        'levelled', of_state + of_user + levels, 'week_start_date', 'last_week_start_date', 'week'
    ) }}
),

weeks as (
    select
        stretched_weeks.*,
        {%- for column, name in of_week.items() %}
        coalesce(this_week.{{ column }}, 0) as {{ name }},
        {%- endfor %}
        this_week.last_activity_at as last_activity_in_week,
        coalesce(week_before.sessions, 0) as sessions_before,
        coalesce(week_before.features, 0) as features_before,
        stretched_weeks.period_start <= stretched_weeks.user_created_on as is_first_week,
        least(
            stretched_weeks.period_start + 6, cast({{ brewhouse_utils.as_of() }} as date)
        ) as state_on
    from stretched_weeks
    left join fact_users__weekly as this_week
        on
            stretched_weeks.user_id = this_week.user_id
            and stretched_weeks.period_start = this_week.week_start_date
    left join fact_users__weekly as week_before
        on
            stretched_weeks.user_id = week_before.user_id
            and stretched_weeks.period_start = week_before.week_start_date + 7
    where {{ brewhouse_utils.after_settled('stretched_weeks.period_start', 'week_start_date') }}
)

{{ user_weeks('weeks') }}
