{% macro user_weeks(weeks) -%}
    {#- What a row of entity_users_weekly says, from the numbers of the week and of the 30 days up to state_on. -#}
    {%- set is_step = 'period_start = week_start_date' -%}
    select
        user_id,
        account_id,
        period_start as week_start_date,
        period_start + 6 as week_end_date,
        user_role,
        role_type_standardized,
        weekly_sessions,
        active_days,
        {{ brewhouse_utils.ratio('session_seconds', 60, 2) }} as total_session_minutes,
        {{ brewhouse_utils.ratio('session_seconds', 'weekly_sessions * 60', 2) }}
            as avg_session_minutes,
        {{ brewhouse_utils.ratio(
            'longest_session_seconds', 'case when weekly_sessions > 0 then 60 end', 2
        ) }} as max_session_minutes,
        device_types_used,
        features_used,
        feature_categories_used,
        total_feature_interactions,
        total_feature_uses,
        total_page_views,
        page_categories_visited,
        total_time_on_pages,
        {{ brewhouse_utils.ratio('total_time_on_pages', 'total_page_views', 2) }} as avg_time_per_page,
        {{ brewhouse_utils.ratio('total_page_views', 'weekly_sessions', 4) }} as avg_pages_per_session,
        {{ brewhouse_utils.ratio('weekly_sessions', 'active_days', 4) }} as sessions_per_active_day,
        {{ engagement_score({
            'sessions': 'weekly_sessions',
            'active_days': 'active_days',
            'features': 'features_used',
            'pages': 'total_page_views',
        }, var('user_engagement_weekly_caps')) }} as weekly_engagement_score,
        {{ brewhouse_utils.banded('active_days', var('user_weekly_activity_floors')) }}
            as weekly_activity_level,
        weekly_feature_adoption,
        user_value_tier,
        user_engagement_tier,
        activity_level_30d,
        feature_adoption_level,
        feature_adoption_depth,
        {{ user_stages('state_on') }},
        case when not is_first_week then weekly_sessions - sessions_before end as sessions_wow_change,
        case when not is_first_week then features_used - features_before end as features_wow_change,
        cast(case
            when is_first_week then null
            when {{ is_step }} then engagement_score - engagement_score_before
            else 0
        end as decimal(18, 2)) as engagement_wow_change,
        {{ brewhouse_utils.month_start('user_created_on') }} as cohort_month,
        cast(
            {{ brewhouse_utils.ratio(
                "period_start - " ~ brewhouse_utils.week_start("user_created_on"), 7, 1
            ) }} as integer
        ) as weeks_since_signup,
        last_activity_in_week,
        state_on,
        cast(state_on - user_created_on as integer) as user_age_days,
        cast(state_on - last_login_on as integer) as days_since_last_login,
        last_activity_on,
        engagement_score,
        total_sessions_30d,
        {{ brewhouse_utils.ratio('session_seconds_30d', 'total_sessions_30d * 60', 2) }}
            as avg_session_minutes_30d,
        active_days_30d,
        total_page_views_30d,
        features_used_30d,
        feature_categories_used_30d,
        lifetime_features_used,
        {{ is_step }}
        or {{ user_status('period_start - 1') }} <> {{ user_status('state_on') }}
        or {{ user_lifecycle_stage('period_start - 1') }}
        <> {{ user_lifecycle_stage('state_on') }}
        or {{ user_maturity_stage('period_start - 1') }}
        <> {{ user_maturity_stage('state_on') }}
        or {{ user_churn_risk('period_start - 1') }} <> {{ user_churn_risk('state_on') }}
            as may_differ_from_week_before,
        {{ brewhouse_utils.built_at() }} as _entity_updated_at
    from {{ weeks }}
{%- endmacro %}
