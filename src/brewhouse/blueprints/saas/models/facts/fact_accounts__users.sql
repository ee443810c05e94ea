{%- set this_week = brewhouse_utils.week_start(brewhouse_utils.as_of()) -%}
{%- set weeks = var('trend_weeks') -%}
{%- set recent = this_week ~ ' - ' ~ 7 * weeks -%}
{%- set periods = {
    'lately': 'week_start_date >= ' ~ recent, 'before': 'week_start_date < ' ~ recent,
} -%}
{%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}

with

-- Of whole weeks: the last ones, and as many before.
user_sums as (
    select
        account_id,
        user_id,
        {%- for column in ['weekly_sessions', 'total_feature_uses'] %}
        {%- for period, condition in periods.items() %}
        sum(case when {{ condition }} then {{ column }} else 0 end) as {{ column }}_{{ period }},
        {%- endfor %}
        {%- endfor %}
        count(*) as weeks
    from {{ ref('entity_users_weekly') }}
    where
        week_start_date >= {{ this_week }} - {{ 14 * weeks }}
        and week_start_date < {{ this_week }}
    group by account_id, user_id
),

weekly_sums as (
    select
        account_id,
        {%- for period in periods %}
        {{ brewhouse_utils.count_if('weekly_sessions_' ~ period ~ ' > 0') }}
            as active_users_{{ period }},
        {%- for column in ['weekly_sessions', 'total_feature_uses'] %}
        cast(sum({{ column }}_{{ period }}) as bigint) as {{ column }}_{{ period }},
        {%- endfor %}
        {%- endfor %}
        count(*) as users_seen
    from user_sums
    group by account_id
),

-- Who was active thirty days ago and no longer is.
turned_users as (
    select
        account_id,
        user_id
    from {{ ref('entity_users_history') }}
    group by account_id, user_id
    having
        {{ brewhouse_utils.count_if(
            "user_status = 'active' and valid_from <= " ~ today ~ " - 30"
            ~ " and (valid_to is null or valid_to > " ~ today ~ " - 30)"
        ) }} > 0
        and {{ brewhouse_utils.count_if("is_current and user_status = 'dormant'") }} > 0
),

turns as (
    select
        account_id,
        count(*) as users_gone_quiet_30d
    from turned_users
    group by account_id
),

fact_accounts__user_engagement as (
    select * from {{ ref('fact_accounts__user_engagement') }}
)

select
    fact_accounts__user_engagement.account_id,
    fact_accounts__user_engagement.user_count as total_users,
    fact_accounts__user_engagement.users_who_logged_in,
    fact_accounts__user_engagement.admin_users,
    fact_accounts__user_engagement.active_admin_users_30d,
    fact_accounts__user_engagement.page_views_30d,
    fact_accounts__user_engagement.feature_uses_30d,
    fact_accounts__user_engagement.avg_engagement_score,
    fact_accounts__user_engagement.last_activity_at,
    {%- for column in ['active_users', 'weekly_sessions', 'total_feature_uses'] %}
    coalesce(weekly_sums.{{ column }}_lately, 0) as {{ column }}_lately,
    coalesce(weekly_sums.{{ column }}_before, 0) as {{ column }}_before,
    {%- endfor %}
    {{ trend('weekly_sums.active_users_lately', 'weekly_sums.active_users_before') }} as user_trend,
    {{ trend('weekly_sums.total_feature_uses_lately', 'weekly_sums.total_feature_uses_before') }}
        as feature_use_trend,
    coalesce(turns.users_gone_quiet_30d, 0) as users_gone_quiet_30d
from fact_accounts__user_engagement
left join weekly_sums on fact_accounts__user_engagement.account_id = weekly_sums.account_id
left join turns on fact_accounts__user_engagement.account_id = turns.account_id
