{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
{%- set plans = var('plans') | list | reverse | list -%}
with

catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

first_adoptions as (
    select * from {{ ref('fact_features__adoptions') }}
    where is_first_of_account
),

plan_sums as (
    select
        feature_name,
        {{ feature_sums() }}
    from {{ ref('fact_features__plans') }}
    group by feature_name
),

-- By the plan that the account had when it first used the feature.
times_to_adoption as (
    select
        feature_name,
        {%- for plan in plans %}
        {{ brewhouse_utils.percentile(
            "case when plan_name = '" ~ plan ~ "' then days_since_account_created end", 0.5, 1
        ) }} as median_days_to_adoption_{{ plan }},
        {%- endfor %}
        {%- for plan in plans %}
        {{ brewhouse_utils.count_if(
            "plan_name = '" ~ plan ~ "' and first_used_on > " ~ last_day ~ " - 90"
        ) }} as {{ plan }}_new_adopters_90d,
        {%- endfor %}
        count(*) as adoptions
    from first_adoptions
    group by feature_name
),

rated as (
    select
        catalog.feature_name,
        catalog.feature_category,
        {%- for plan in plans %}
        coalesce(plan_sums.{{ plan }}_adopters, 0) as {{ plan }}_adopters,
        plan_sums.{{ plan }}_adoption_rate,
        plan_sums.{{ plan }}_stickiness_rate,
        times_to_adoption.median_days_to_adoption_{{ plan }},
        coalesce(times_to_adoption.{{ plan }}_new_adopters_90d, 0) as {{ plan }}_new_adopters_90d,
        {%- endfor %}
        coalesce(plan_sums.adopter_accounts, 0) as adopter_accounts,
        cast(coalesce(plan_sums.adopters_mrr, 0) as decimal(18, 2)) as adopters_mrr,
        {{ feature_rates() }}
    from catalog
    left join plan_sums on catalog.feature_name = plan_sums.feature_name
    left join times_to_adoption on catalog.feature_name = times_to_adoption.feature_name
),

scored as (
    select
        *,
        {{ feature_value_score() }} as feature_value_score
    from rated
)

select
    feature_name,
    feature_category,
    adopter_accounts,
    {%- for plan in plans %}
    {{ plan }}_adopters,
    {{ plan }}_adoption_rate,
    {{ plan }}_stickiness_rate,
    median_days_to_adoption_{{ plan }},
    {{ brewhouse_utils.ratio(plan ~ '_new_adopters_90d', 3, 2) }} as {{ plan }}_adoption_velocity,
    {%- endfor %}
    adopters_mrr,
    avg_mrr_adopters,
    stickiness_rate,
    revenue_reach,
    feature_value_score,
    {{ feature_market_fit() }} as market_fit_segment,
    {{ brewhouse_utils.banded('feature_value_score', var('feature_importance_floors')) }}
        as strategic_importance,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from scored
