{{ config(
    tags=['refresh_daily'],
    indexes=brewhouse_utils.indexes(['campaign_key', 'performance_date'], ['performance_date']),
) }}

{%- set models = var('dated_attribution_models') -%}
{%- set model = var('campaign_attribution_model') -%}

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

fact_campaigns__touch_trends as (
    select * from {{ ref('fact_campaigns__touch_trends') }}
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
        fact_campaigns__touch_trends.touches_7d,
        fact_campaigns__touch_trends.touch_trend_7d,
        fact_campaigns__touch_trends.is_touch_anomaly
    from fact_campaigns__days
    inner join fact_campaigns__standing
        on
            fact_campaigns__days.campaign_key = fact_campaigns__standing.campaign_key
            and fact_campaigns__days.performance_date = fact_campaigns__standing.performance_date
    inner join fact_campaigns__touch_trends
        on
            fact_campaigns__days.campaign_key = fact_campaigns__touch_trends.campaign_key
            and fact_campaigns__days.performance_date
            = fact_campaigns__touch_trends.performance_date
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
    touches_7d,
    touch_trend_7d,
    is_touch_anomaly,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from days
