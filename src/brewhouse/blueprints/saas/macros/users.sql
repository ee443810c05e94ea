{#- Rules about users, each over the columns that it names, so that the atomic and the weekly table agree. -#}

{% macro engagement_score(counts, caps) -%}
    {#- counts: column of each part of user_engagement_weights. One division, so that nothing is rounded twice. -#}
    {%- set product = namespace(all=1) -%}
    {%- for cap in caps.values() -%}
        {%- set product.all = product.all * cap -%}
    {%- endfor -%}
    {%- set points = [] -%}
    {%- for part, weight in var('user_engagement_weights').items() -%}
        {%- do points.append(
            'least(' ~ counts[part] ~ ', ' ~ caps[part] ~ ') * '
            ~ (weight * product.all // caps[part])
        ) -%}
    {%- endfor -%}
    {{ brewhouse_utils.ratio('(' ~ points | join(' + ') ~ ')', product.all, 2) }}
{%- endmacro %}


{% macro user_engagement_score_30d() -%}
    {{ engagement_score({
        'sessions': 'total_sessions_30d',
        'active_days': 'active_days_30d',
        'features': 'features_used_30d',
        'pages': 'total_page_views_30d',
    }, var('user_engagement_caps')) }}
{%- endmacro %}


{% macro user_status(day) -%}
    {#- is_in_service, last_login_on -#}
    case
        when not is_in_service then 'disabled'
        when last_login_on is null then 'never_logged_in'
        when {{ day }} - last_login_on <= {{ var('active_user_days') }} then 'active'
        else 'dormant'
    end
{%- endmacro %}


{% macro user_lifecycle_stage(day) -%}
    {#- is_in_service, user_created_on, last_login_on -#}
    case
        when not is_in_service then 'disabled'
        when {{ day }} - user_created_on < {{ var('new_user_days') }} then 'new'
        when {{ day }} - last_login_on <= {{ var('active_user_days') }} then 'active'
        when {{ day }} - last_login_on <= {{ var('lapsed_user_days') }} then 'lapsing'
        else 'lapsed'
    end
{%- endmacro %}


{% macro user_maturity_stage(day) -%}
    {#- is_in_service, user_created_on -#}
    case
        when not is_in_service then 'former'
        else {{ brewhouse_utils.banded(day ~ ' - user_created_on', var('user_maturity_floors')) }}
    end
{%- endmacro %}


{% macro user_churn_risk(day) -%}
    {#- is_in_service, user_created_on, last_activity_on. Who never did a thing is idle since the invitation. -#}
    {%- set idle_days = day ~ ' - coalesce(last_activity_on, user_created_on)' -%}
    case
        when not is_in_service then 'churned'
        else {{ brewhouse_utils.banded(idle_days, var('user_churn_risk_floors')) }}
    end
{%- endmacro %}


{% macro user_value_tier() -%}
    {#- active_days_30d, engagement_score, role_type_standardized -#}
    case
        when active_days_30d = 0 then 'low'
        when engagement_score < {{ var('user_engagement_tier_floors').medium }} then 'medium'
        when role_type_standardized = 'administrative' then 'key'
        else 'high'
    end
{%- endmacro %}


{% macro user_levels() -%}
    {#- What follows from the numbers of 30 days alone. -#}
    {{ user_value_tier() }} as user_value_tier,
    {{ brewhouse_utils.banded('engagement_score', var('user_engagement_tier_floors')) }}
        as user_engagement_tier,
    {{ brewhouse_utils.banded('active_days_30d', var('user_activity_level_floors')) }}
        as activity_level_30d,
    {{ brewhouse_utils.banded('features_used_30d', var('feature_adoption_level_floors')) }}
        as feature_adoption_level,
    {{ brewhouse_utils.banded('lifetime_features_used', var('feature_adoption_depth_floors')) }}
        as feature_adoption_depth
{%- endmacro %}


{% macro user_stages(day) -%}
    {#- What changes as time goes by, even if nothing happens. -#}
    {{ user_status(day) }} as user_status,
    {{ user_lifecycle_stage(day) }} as user_lifecycle_stage,
    {{ user_maturity_stage(day) }} as user_maturity_stage,
    {{ user_churn_risk(day) }} as churn_risk_level
{%- endmacro %}
