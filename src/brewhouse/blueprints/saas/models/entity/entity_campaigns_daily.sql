{%- set models = var('dated_attribution_models') -%}
{%- set model = var('campaign_attribution_model') -%}
{%- set anomaly = var('touch_anomaly') -%}
{%- set by_day = 'over (partition by campaign_key order by performance_date rows between' -%}

with

fact_campaigns__days as (
    select * from {{ ref('fact_campaigns__days') }}
),

fact_campaigns__standing as (
    select * from {{ ref('fact_campaigns__standing') }}
),

fact_campaigns__reported as (
    select * from {{ ref('fact_campaigns__reported') }}
),

-- The days are dense, so that rows are days.
touch_windows as (
    select
        campaign_key,
        performance_date,
        sum(touches) {{ by_day }} 6 preceding and current row) as touches_7d,
        sum(touches) {{ by_day }} 13 preceding and 7 preceding) as touches_7d_before,
        sum(touches) {{ by_day }} {{ anomaly.days }} preceding and 1 preceding) as touches_before
    from fact_campaigns__days
),

days as (
    select
        fact_campaigns__days.*,
        fact_campaigns__reported.platform,
        fact_campaigns__reported.campaign_name,
        fact_campaigns__reported.campaign_type,
        fact_campaigns__standing.campaign_status,
        fact_campaigns__standing.campaign_lifecycle_stage,
        fact_campaigns__standing.total_spend as cumulative_spend,
        fact_campaigns__standing.{{ model }}_conversions as cumulative_attributed_conversions,
        fact_campaigns__standing.{{ model }}_revenue as cumulative_conversion_value,
        fact_campaigns__standing.performance_score,
        fact_campaigns__standing.performance_tier,
        fact_campaigns__standing.attribution_pattern,
        fact_campaigns__standing.optimization_recommendation,
        touch_windows.touches_7d,
        touch_windows.touches_7d_before,
        coalesce(touch_windows.touches_before, 0) as touches_before
    from fact_campaigns__days
    inner join fact_campaigns__standing
        on
            fact_campaigns__days.campaign_key = fact_campaigns__standing.campaign_key
            and fact_campaigns__days.performance_date = fact_campaigns__standing.performance_date
    inner join touch_windows
        on
            fact_campaigns__days.campaign_key = touch_windows.campaign_key
            and fact_campaigns__days.performance_date = touch_windows.performance_date
    inner join fact_campaigns__reported
        on fact_campaigns__days.campaign_key = fact_campaigns__reported.campaign_key
)

select
    -- ids, day, state
    campaign_id,
    campaign_key,
    platform,
    campaign_name,
    campaign_type,
    performance_date,
    {{ brewhouse_utils.day_of_week('performance_date') }} as day_of_week,
    campaign_status,
    campaign_lifecycle_stage,

    -- apportioned from the platform's totals
    daily_spend,
    daily_impressions,
    daily_clicks,
    daily_sends,
    {{ brewhouse_utils.ratio('daily_clicks', 'daily_impressions') }} as click_through_rate,
    {{ brewhouse_utils.ratio('daily_spend', 'daily_clicks', 2) }} as cost_per_click,
    cumulative_spend,

    -- what happened on the day
    touches,
    leads_touched,
    first_touches,
    converted_leads,
    {%- for model in models %}
    {{ model }}_conversions,
    {{ model }}_revenue,
    {%- endfor %}

    -- to date
    cumulative_attributed_conversions,
    cumulative_conversion_value,
    {{ cost_per_credit('cumulative_spend', 'cumulative_attributed_conversions') }}
        as attributed_cpa,
    performance_score,
    performance_tier,
    attribution_pattern,
    optimization_recommendation,

    -- how it goes
    cast(touches_7d as bigint) as touches_7d,
    {{ brewhouse_utils.banded(
        brewhouse_utils.ratio('touches_7d', 'cast(touches_7d_before as bigint)'),
        var('touch_trend_floors')
    ) }} as touch_trend_7d,
    touches_before >= {{ anomaly.least_touches }}
    and touches * {{ anomaly.days }} > {{ anomaly.times }} * touches_before as is_touch_anomaly,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from days
