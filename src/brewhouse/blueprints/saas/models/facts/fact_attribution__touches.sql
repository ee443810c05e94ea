with

fact_leads__touches as (
    select * from {{ ref('fact_leads__touches') }}
),

fact_leads__conversions as (
    select * from {{ ref('fact_leads__conversions') }}
),

fact_attribution__channel_effects as (
    select * from {{ ref('fact_attribution__channel_effects') }}
),

converting_touches as (
    select
        fact_leads__touches.lead_id,
        fact_leads__touches.touchpoint_id,
        fact_leads__touches.touch_number,
        fact_leads__touches.channel,
        fact_leads__touches.campaign_id,
        fact_leads__touches.touched_at,
        fact_leads__conversions.account_id,
        fact_leads__conversions.converted_on,
        fact_leads__conversions.revenue_on,
        fact_leads__conversions.revenue,
        cast(coalesce(fact_attribution__channel_effects.effect, 0) * 1000000 as bigint) as effect,
        count(*) over (partition by fact_leads__touches.lead_id) as touches,
        max(fact_leads__touches.touched_at) over (partition by fact_leads__touches.lead_id)
            as last_touched_at
    from fact_leads__touches
    inner join fact_leads__conversions
        on
            fact_leads__touches.lead_id = fact_leads__conversions.lead_id
            and fact_leads__touches.touched_at <= fact_leads__conversions.converted_at
    left join fact_attribution__channel_effects
        on fact_leads__touches.channel = fact_attribution__channel_effects.channel
)

select
    *,
    {{ whole_hours(brewhouse_utils.seconds_between('touched_at', 'last_touched_at')) }}
        as hours_before_last,
    cast(sum(effect) over (partition by lead_id) as bigint) as total_effect
from converting_touches
