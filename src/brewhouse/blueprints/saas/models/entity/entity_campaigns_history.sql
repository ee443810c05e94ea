{{ config(
    tags=['refresh_daily'],
    indexes=brewhouse_utils.indexes(['campaign_key']),
) }}

{%- set model = var('campaign_attribution_model') -%}

with

fact_campaigns__standing as (
    select * from {{ ref('fact_campaigns__standing') }}
),

fact_campaigns__reported as (
    select * from {{ ref('fact_campaigns__reported') }}
),

versions as (
    {{ brewhouse_utils.history_of(
        states='fact_campaigns__standing', key='campaign_key', moment='performance_date',
        tracked=[
            'campaign_status', 'campaign_lifecycle_stage', 'performance_tier',
            'attribution_pattern', 'optimization_recommendation',
        ],
        change_types={
            'status_changed': ['campaign_status'],
            'performance_changed': ['performance_tier'],
            'stage_changed': ['campaign_lifecycle_stage'], 'pattern_changed': ['attribution_pattern'],
            'recommendation_changed': ['optimization_recommendation'],
        },
        carried=[
            'total_spend', 'impressions', 'clicks', 'sends', 'leads_touched', 'converted_leads',
            'linear_conversions', model ~ '_revenue', 'performance_score',
        ],
        previous={
            'previous_spend': 'total_spend',
            'previous_performance_score': 'performance_score',
            'previous_performance_tier': 'performance_tier',
            'previous_optimization': 'optimization_recommendation',
        },
        differences={'spend_change': 'total_spend', 'performance_delta': 'performance_score'},
        types={
            'previous_spend': 'decimal(18, 2)', 'previous_performance_score': 'decimal(18, 2)',
            'spend_change': 'decimal(18, 2)', 'performance_delta': 'decimal(18, 2)',
        },
    ) }}
),

numbered_versions as (
    select
        *,
        row_number() over (partition by campaign_key order by valid_from) as version_number
    from versions
)

select
    {{ brewhouse_utils.surrogate_key([
        'numbered_versions.campaign_key', 'numbered_versions.version_number'
    ]) }} as campaign_history_id,
    fact_campaigns__reported.campaign_id,
    numbered_versions.campaign_key,
    fact_campaigns__reported.platform,
    numbered_versions.change_type,
    fact_campaigns__reported.campaign_name,
    fact_campaigns__reported.campaign_type,
    numbered_versions.campaign_status,
    numbered_versions.campaign_status = 'active' as is_active,
    numbered_versions.campaign_lifecycle_stage,
    numbered_versions.total_spend,
    numbered_versions.previous_spend,
    numbered_versions.spend_change,
    numbered_versions.impressions,
    numbered_versions.clicks,
    numbered_versions.sends,
    {{ brewhouse_utils.ratio('numbered_versions.clicks', 'numbered_versions.impressions') }}
        as click_through_rate,
    numbered_versions.{{ model }}_revenue as conversion_value,
    {{ roi_percentage('numbered_versions.' ~ model ~ '_revenue', 'numbered_versions.total_spend') }}
        as roi_percentage,
    numbered_versions.performance_tier,
    numbered_versions.previous_performance_tier,
    numbered_versions.performance_score,
    numbered_versions.previous_performance_score,
    numbered_versions.performance_delta,
    numbered_versions.leads_touched as total_leads_touched,
    numbered_versions.converted_leads,
    {{ brewhouse_utils.ratio(
        'numbered_versions.converted_leads', 'numbered_versions.leads_touched'
    ) }} as lead_conversion_rate,
    numbered_versions.linear_conversions,
    {{ cost_per_credit('numbered_versions.total_spend', 'numbered_versions.linear_conversions') }}
        as linear_cpa,
    numbered_versions.attribution_pattern,
    numbered_versions.optimization_recommendation,
    numbered_versions.previous_optimization,
    fact_campaigns__reported.campaign_created_at,
    fact_campaigns__reported.start_date,
    fact_campaigns__reported.end_date,
    numbered_versions.valid_from,
    numbered_versions.valid_to,
    numbered_versions.is_current,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from numbered_versions
inner join fact_campaigns__reported
    on numbered_versions.campaign_key = fact_campaigns__reported.campaign_key
