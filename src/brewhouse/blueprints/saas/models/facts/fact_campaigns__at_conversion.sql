{%- set primary = var('campaign_attribution_model') -%}

with

primary_campaigns as (
    select
        account_id,
        campaign_id
    from {{ ref('fact_accounts__attribution') }}
    where attribution_model = '{{ primary }}' and campaign_id is not null
),

fact_leads__conversions as (
    select * from {{ ref('fact_leads__conversions') }}
),

entity_campaigns as (
    select * from {{ ref('entity_campaigns') }}
),

entity_campaigns_daily as (
    select * from {{ ref('entity_campaigns_daily') }}
),

entity_campaigns_history as (
    select * from {{ ref('entity_campaigns_history') }}
)

select
    primary_campaigns.account_id,
    primary_campaigns.campaign_id,
    fact_leads__conversions.converted_on,
    entity_campaigns_history.performance_tier as campaign_tier_at_conversion,
    entity_campaigns_history.campaign_lifecycle_stage as campaign_stage_at_conversion,
    entity_campaigns_daily.cumulative_spend as campaign_spend_at_conversion,
    entity_campaigns.performance_tier as campaign_tier_now,
    entity_campaigns.roi_percentage as campaign_roi_percentage
from primary_campaigns
inner join fact_leads__conversions
    on primary_campaigns.account_id = fact_leads__conversions.account_id
inner join entity_campaigns on primary_campaigns.campaign_id = entity_campaigns.campaign_id
left join entity_campaigns_history
    on
        primary_campaigns.campaign_id = entity_campaigns_history.campaign_id
        and fact_leads__conversions.converted_on >= entity_campaigns_history.valid_from
        and (
            fact_leads__conversions.converted_on < entity_campaigns_history.valid_to
            or entity_campaigns_history.valid_to is null
        )
left join entity_campaigns_daily
    on
        primary_campaigns.campaign_id = entity_campaigns_daily.campaign_id
        and fact_leads__conversions.converted_on = entity_campaigns_daily.performance_date
