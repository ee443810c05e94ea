{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
{%- set in_30d = 'usage_date > ' ~ last_day ~ ' - 30' -%}
{%- set in_30d_before = 'usage_date > ' ~ last_day ~ ' - 60'
    ~ ' and usage_date <= ' ~ last_day ~ ' - 30' -%}
with

catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

usage_totals as (
    select
        feature_name,
        count(distinct account_id) as accounts_using,
        count(distinct user_id) as users_using,
        count(*) as total_usage_events,
        cast(sum(usage_count) as bigint) as total_usage_count,
        min(usage_date) as first_usage_date,
        max(usage_date) as last_usage_date,
        count(distinct usage_date) as days_with_usage,
        count(distinct usage_week) as weeks_with_usage,
        count(distinct usage_month) as months_with_usage,
        {{ brewhouse_utils.count_if(in_30d) }} as usage_events_30d,
        {{ brewhouse_utils.count_if(in_30d_before) }} as usage_events_30d_before,
        cast(sum(case when {{ in_30d }} then usage_count else 0 end) as bigint) as uses_30d,
        count(distinct case when {{ in_30d }} then user_id end) as users_30d,
        count(distinct case when {{ in_30d }} then usage_date end) as active_days_30d
    from {{ ref('stg_app_database__feature_usage') }}
    where
        feature_name is not null
        and usage_timestamp <= {{ brewhouse_utils.as_of() }}
    group by feature_name
),

plan_sums as (
    select
        feature_name,
        {{ feature_sums() }}
    from {{ ref('fact_features__plans') }}
    group by feature_name
),

features as (
    select
        catalog.*,
        {%- for column in [
            'eligible_accounts', 'eligible_users', 'eligible_adopter_accounts',
            'eligible_adopter_users',
        ] %}
        coalesce(plan_sums.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        {%- for column in [
            'accounts_using', 'users_using', 'total_usage_events', 'total_usage_count',
            'days_with_usage', 'weeks_with_usage', 'months_with_usage', 'usage_events_30d',
            'usage_events_30d_before', 'uses_30d', 'users_30d', 'active_days_30d',
        ] %}
        coalesce(usage_totals.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        usage_totals.first_usage_date,
        usage_totals.last_usage_date,
        cast({{ last_day }} - usage_totals.first_usage_date as integer) as feature_age_days
    from catalog
    left join usage_totals on catalog.feature_name = usage_totals.feature_name
    left join plan_sums on catalog.feature_name = plan_sums.feature_name
),

rated as (
    select
        *,
        {{ brewhouse_utils.ratio('eligible_adopter_accounts', 'eligible_accounts') }}
            as account_adoption_rate,
        {{ brewhouse_utils.ratio('eligible_adopter_users', 'eligible_users') }}
            as user_adoption_rate
    from features
)

select
    *,
    {{ brewhouse_utils.ratio('total_usage_count', 'accounts_using', 2) }} as avg_usage_per_account,
    {{ brewhouse_utils.ratio('total_usage_count', '(feature_age_days + 1)', 2) }}
        as avg_daily_usage,
    coalesce(last_usage_date > {{ last_day }} - 7, false) as used_last_7_days,
    usage_events_30d > 0 as used_last_30_days,
    {{ feature_adoption_stage() }} as adoption_stage,
    {{ feature_engagement_level() }} as engagement_level,
    {{ feature_maturity() }} as feature_maturity,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from rated
