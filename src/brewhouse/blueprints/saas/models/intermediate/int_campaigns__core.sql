{%- set model = var('campaign_attribution_model') -%}

with

fact_campaigns__reported as (
    select * from {{ ref('fact_campaigns__reported') }}
),

clock as (
    select cast({{ brewhouse_utils.as_of() }} as date) as today
),

fact_campaigns__standing as (
    select * from {{ ref('fact_campaigns__standing') }}
),

campaigns as (
    select
        fact_campaigns__reported.campaign_id,
        fact_campaigns__reported.platform,
        fact_campaigns__reported.campaign_name,
        fact_campaigns__reported.campaign_type,
        fact_campaigns__reported.objective,
        fact_campaigns__reported.reported_status,
        fact_campaigns__reported.campaign_created_at,
        fact_campaigns__reported.reported_at,
        fact_campaigns__reported.claimed_conversions as conversions,
        fact_campaigns__standing.*,
        least(fact_campaigns__reported.end_date, clock.today) as last_day
    from fact_campaigns__reported
    cross join clock
    inner join fact_campaigns__standing
        on
            fact_campaigns__reported.campaign_key = fact_campaigns__standing.campaign_key
            and clock.today = fact_campaigns__standing.performance_date
)

select
    -- ids and text
    campaign_key,
    campaign_id,
    platform,
    campaign_name,
    campaign_type,
    objective,

    -- state and days
    campaign_status,
    reported_status,
    campaign_status = 'active' as is_active,
    campaign_lifecycle_stage,
    campaign_created_at,
    reported_at as campaign_updated_at,
    start_date,
    end_date,
    {{ brewhouse_utils.date_diff_days('start_date', 'last_day') }} + 1 as days_active,

    -- what the platform reports
    total_spend,
    impressions,
    clicks,
    sends,
    conversions,
    {{ brewhouse_utils.ratio('clicks', 'impressions') }} as click_through_rate,
    {{ brewhouse_utils.ratio('conversions', 'clicks') }} as conversion_rate,
    {{ brewhouse_utils.ratio('total_spend * 100', 'cast(conversions * 100 as bigint)', 2) }}
        as cost_per_conversion,
    {{ brewhouse_utils.ratio('total_spend', 'clicks', 2) }} as cost_per_click,
    {{ brewhouse_utils.ratio('total_spend * 1000', 'impressions', 2) }}
        as cost_per_thousand_impressions,

    -- what it is credited with
    {{ model }}_conversions as attributed_conversions,
    {{ model }}_revenue as conversion_value,
    {{ roi_percentage(model ~ '_revenue', 'total_spend') }} as roi_percentage,
    performance_score,
    performance_tier,
    optimization_recommendation,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from campaigns
