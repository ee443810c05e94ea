{{ config(tags=['refresh_15_minutes'], indexes=brewhouse_utils.indexes(['feature_name'])) }}

{%- set plans = var('plans') | list | reverse | list -%}
with

int_features__core as (
    select * from {{ ref('int_features__core') }}
),

int_features__adoption_patterns as (
    select * from {{ ref('int_features__adoption_patterns') }}
),

features as (
    select
        int_features__core.*,
        {%- for plan in plans %}
        {%- for column in [
            plan ~ '_adopters', plan ~ '_adoption_rate', plan ~ '_stickiness_rate',
            plan ~ '_adoption_velocity', 'median_days_to_adoption_' ~ plan,
        ] %}
        int_features__adoption_patterns.{{ column }},
        {%- endfor %}
        {%- endfor %}
        int_features__adoption_patterns.adopter_accounts,
        int_features__adoption_patterns.adopters_mrr,
        int_features__adoption_patterns.avg_mrr_adopters,
        int_features__adoption_patterns.stickiness_rate,
        int_features__adoption_patterns.revenue_reach,
        int_features__adoption_patterns.feature_value_score,
        int_features__adoption_patterns.market_fit_segment,
        int_features__adoption_patterns.strategic_importance
    from int_features__core
    inner join int_features__adoption_patterns
        on int_features__core.feature_name = int_features__adoption_patterns.feature_name
)

select
    feature_key,
    feature_name,
    feature_category,
    lowest_plan,
    accounts_using,
    users_using,
    total_usage_events,
    total_usage_count,
    avg_usage_per_account,
    avg_daily_usage,
    eligible_accounts,
    eligible_users,
    account_adoption_rate,
    user_adoption_rate,
    adoption_stage,
    adopter_accounts,
    {%- for plan in plans %}
    {{ plan }}_adopters,
    {{ plan }}_adoption_rate,
    median_days_to_adoption_{{ plan }},
    {{ plan }}_adoption_velocity,
    {{ plan }}_stickiness_rate,
    {%- endfor %}
    stickiness_rate,
    adopters_mrr,
    avg_mrr_adopters,
    revenue_reach,
    engagement_level,
    feature_value_score,
    strategic_importance,
    market_fit_segment,
    first_usage_date,
    last_usage_date,
    feature_age_days,
    days_with_usage,
    weeks_with_usage,
    months_with_usage,
    usage_events_30d,
    usage_events_30d_before,
    used_last_7_days,
    used_last_30_days,
    feature_maturity,
    {{ brewhouse_utils.banded('active_days_30d', var('feature_frequency_floors')) }}
        as usage_frequency,
    {{ feature_momentum() }} as feature_momentum,
    {{ feature_lifecycle_stage() }} as lifecycle_stage,
    {{ feature_roadmap_recommendation() }} as roadmap_recommendation,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from features
