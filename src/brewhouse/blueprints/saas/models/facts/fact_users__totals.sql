{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
{%- set in_30d = '> ' ~ last_day ~ ' - 30' -%}
{%- set in_7d = '> ' ~ last_day ~ ' - 7' -%}
with

days as (
    select
        user_id,
        count(*) as active_days,
        {{ brewhouse_utils.count_if('activity_date ' ~ in_30d) }} as active_days_30d,
        {{ brewhouse_utils.count_if('page_views > 0 and activity_date ' ~ in_30d) }}
            as page_active_days_30d,
        max(activity_date) as last_activity_on,
        max(last_activity_at) as last_activity_at
    from {{ ref('fact_users__daily') }}
    group by user_id
),

sessions as (
    select
        user_id,
        count(*) as sessions,
        {{ brewhouse_utils.count_if('session_date ' ~ in_30d) }} as sessions_30d,
        {{ brewhouse_utils.count_if('session_date ' ~ in_7d) }} as sessions_7d,
        cast(sum(duration_seconds) as bigint) as session_seconds,
        cast(sum(case when session_date {{ in_30d }} then duration_seconds end) as bigint)
            as session_seconds_30d,
        count(distinct case when session_date {{ in_30d }} then device_type end)
            as device_types_30d,
        min(start_time) as first_session_at,
        max(start_time) as last_session_at
    from {{ ref('stg_app_database__user_sessions') }}
    where start_time <= {{ brewhouse_utils.as_of() }}
    group by user_id
),

page_views as (
    select
        user_id,
        count(*) as page_views,
        {{ brewhouse_utils.count_if('page_view_date ' ~ in_30d) }} as page_views_30d,
        {{ brewhouse_utils.count_if('page_view_date ' ~ in_7d) }} as page_views_7d,
        cast(sum(time_on_page_seconds) as bigint) as page_seconds,
        cast(sum(case when page_view_date {{ in_30d }} then time_on_page_seconds end) as bigint)
            as page_seconds_30d,
        count(distinct page_category) as page_categories,
        count(distinct case when page_view_date {{ in_30d }} then page_category end)
            as page_categories_30d,
        min(page_view_timestamp) as first_page_view_at,
        max(page_view_timestamp) as last_page_view_at
    from {{ ref('stg_app_database__page_views') }}
    where page_view_timestamp <= {{ brewhouse_utils.as_of() }}
    group by user_id
),

features as (
    select
        user_id,
        count(distinct feature_name) as features,
        count(distinct case when usage_date {{ in_30d }} then feature_name end) as features_30d,
        count(distinct case when usage_date {{ in_7d }} then feature_name end) as features_7d,
        count(distinct case
            when usage_date {{ in_30d }} and feature_name is not null then feature_category
        end) as feature_categories_30d,
        count(*) as feature_interactions,
        {{ brewhouse_utils.count_if('usage_date ' ~ in_30d) }} as feature_interactions_30d,
        cast(sum(case when usage_date {{ in_30d }} then usage_count end) as bigint)
            as feature_uses_30d,
        min(usage_timestamp) as first_feature_use_at,
        max(usage_timestamp) as last_feature_use_at
    from {{ ref('stg_app_database__feature_usage') }}
    where usage_timestamp <= {{ brewhouse_utils.as_of() }}
    group by user_id
)
{% set counts = {
    'days': ['active_days', 'active_days_30d', 'page_active_days_30d'],
    'sessions': ['sessions', 'sessions_30d', 'sessions_7d', 'session_seconds',
        'session_seconds_30d', 'device_types_30d'],
    'page_views': ['page_views', 'page_views_30d', 'page_views_7d', 'page_seconds',
        'page_seconds_30d', 'page_categories', 'page_categories_30d'],
    'features': ['features', 'features_30d', 'features_7d', 'feature_categories_30d',
        'feature_interactions', 'feature_interactions_30d', 'feature_uses_30d'],
} %}
select
    days.user_id,
    {%- for source, columns in counts.items() %}
    {%- for column in columns %}
    coalesce({{ source }}.{{ column }}, 0) as {{ column }},
    {%- endfor %}
    {%- endfor %}
    days.last_activity_on,
    days.last_activity_at,
    sessions.first_session_at,
    sessions.last_session_at,
    page_views.first_page_view_at,
    page_views.last_page_view_at,
    features.first_feature_use_at,
    features.last_feature_use_at
from days
left join sessions on days.user_id = sessions.user_id
left join page_views on days.user_id = page_views.user_id
left join features on days.user_id = features.user_id
