{{ config(tags=['refresh_15_minutes'], indexes=brewhouse_utils.indexes(['campaign_key'])) }}

{%- set models = var('attribution_models') -%}

with

int_campaigns__core as (
    select * from {{ ref('int_campaigns__core') }}
),

int_campaigns__attribution as (
    select * from {{ ref('int_campaigns__attribution') }}
)

select
    -- ids and text
    int_campaigns__core.campaign_key,
    int_campaigns__core.campaign_id,
    int_campaigns__core.platform,
    int_campaigns__core.campaign_name,
    int_campaigns__core.campaign_type,
    int_campaigns__core.objective,

    -- state and days
    int_campaigns__core.campaign_status,
    int_campaigns__core.reported_status,
    int_campaigns__core.is_active,
    int_campaigns__core.campaign_lifecycle_stage,
    int_campaigns__core.campaign_created_at,
    int_campaigns__core.campaign_updated_at,
    int_campaigns__core.start_date,
    int_campaigns__core.end_date,
    int_campaigns__core.days_active,

    -- what the platform reports
    int_campaigns__core.total_spend,
    {{ brewhouse_utils.ratio(
        'int_campaigns__core.total_spend', 'int_campaigns__core.days_active', 2
    ) }}
        as daily_spend_rate,
    int_campaigns__core.impressions,
    int_campaigns__core.clicks,
    int_campaigns__core.sends,
    int_campaigns__core.conversions,
    int_campaigns__core.click_through_rate,
    int_campaigns__core.conversion_rate,
    int_campaigns__core.cost_per_conversion,
    int_campaigns__core.cost_per_click,
    int_campaigns__core.cost_per_thousand_impressions,

    -- what it is credited with
    int_campaigns__core.attributed_conversions,
    int_campaigns__core.conversion_value,
    int_campaigns__core.roi_percentage,
    int_campaigns__attribution.total_touchpoints,
    int_campaigns__attribution.first_touches,
    int_campaigns__attribution.last_touches,
    int_campaigns__attribution.total_leads_touched,
    int_campaigns__attribution.avg_touchpoints_per_lead,
    int_campaigns__attribution.converted_leads,
    int_campaigns__attribution.lead_conversion_rate,
    {%- for model in models %}
    int_campaigns__attribution.{{ model }}_conversions,
    int_campaigns__attribution.{{ model }}_revenue,
    int_campaigns__attribution.{{ model }}_cpa,
    int_campaigns__attribution.{{ model }}_roi_percentage,
    {%- endfor %}

    -- judgements
    int_campaigns__attribution.attribution_pattern,
    int_campaigns__attribution.attribution_performance,
    int_campaigns__core.performance_score,
    int_campaigns__core.performance_tier,
    int_campaigns__core.optimization_recommendation,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from int_campaigns__core
inner join int_campaigns__attribution
    on int_campaigns__core.campaign_key = int_campaigns__attribution.campaign_key
