{%- set running = 'over (partition by user_id order by week_start_date'
    ~ ' rows between unbounded preceding and current row)' -%}
{%- set order = 'over (partition by user_id order by week_start_date)' -%}
{%- set windows = {
    'sessions': 'total_sessions_30d',
    'session_seconds': 'session_seconds_30d',
    'active_days': 'active_days_30d',
    'page_views': 'total_page_views_30d',
    'features': 'features_used_30d',
    'feature_categories': 'feature_categories_used_30d',
    'features_ever': 'lifetime_features_used',
    'terms': 'running_terms',
} -%}
with

fact_users__window_changes as (
    select * from {{ ref('fact_users__window_changes') }}
),

running_numbers as (
    select
        user_id,
        week_start_date,
        {%- for measure, name in windows.items() %}
        cast(sum({{ measure }}_change) {{ running }} as integer) as {{ name }},
        {%- endfor %}
        max(last_login_on) {{ running }} as last_login_on,
        max(last_activity_on) {{ running }} as last_activity_on,
        max(last_week_of_life) {{ running }} as last_week_of_life,
        lead(week_start_date) {{ order }} as next_week_start_date
    from fact_users__window_changes
),

scored as (
    select
        *,
        {{ user_engagement_score_30d() }} as engagement_score
    from running_numbers
)

select
    user_id,
    week_start_date,
    least(next_week_start_date - 7, last_week_of_life) as last_week_start_date,
    total_sessions_30d,
    session_seconds_30d,
    active_days_30d,
    total_page_views_30d,
    features_used_30d,
    feature_categories_used_30d,
    lifetime_features_used,
    running_terms > 0 as is_in_service,
    last_login_on,
    last_activity_on,
    engagement_score,
    cast(lag(engagement_score) {{ order }} as decimal(18, 2)) as engagement_score_before
from scored
