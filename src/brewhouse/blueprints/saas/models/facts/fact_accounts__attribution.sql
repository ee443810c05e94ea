with

fact_attribution__credits as (
    select * from {{ ref('fact_attribution__credits') }}
),

entity_campaigns as (
    select * from {{ ref('entity_campaigns') }}
),

fact_accounts__acquisition_costs as (
    select * from {{ ref('fact_accounts__acquisition_costs') }}
),

channel_sums as (
    select
        account_id,
        attribution_model,
        channel,
        sum(credit) as credit,
        sum(credited_revenue) as credited_revenue,
        min(touch_number) as first_touch_number
    from fact_attribution__credits
    group by account_id, attribution_model, channel
),

-- The channel with most of the credit; of equals, the one that came first.
top_channels as (
    select
        *,
        row_number() over (
            partition by account_id, attribution_model
            order by credit desc, first_touch_number
        ) as place
    from channel_sums
),

campaign_sums as (
    select
        fact_attribution__credits.account_id,
        fact_attribution__credits.attribution_model,
        fact_attribution__credits.campaign_id,
        sum(fact_attribution__credits.credit) as credit,
        min(fact_attribution__credits.touch_number) as first_touch_number
    from fact_attribution__credits
    inner join top_channels
        on
            fact_attribution__credits.account_id = top_channels.account_id
            and fact_attribution__credits.attribution_model = top_channels.attribution_model
            and fact_attribution__credits.channel = top_channels.channel
    where top_channels.place = 1 and fact_attribution__credits.campaign_id is not null
    group by fact_attribution__credits.account_id, fact_attribution__credits.attribution_model, fact_attribution__credits.campaign_id
),

top_campaigns as (
    select
        *,
        row_number() over (
            partition by account_id, attribution_model
            order by credit desc, first_touch_number
        ) as place
    from campaign_sums
)

select
    top_channels.account_id,
    top_channels.attribution_model,
    top_channels.channel,
    cast(top_channels.credit as decimal(18, 6)) as credit,
    cast(top_channels.credited_revenue as decimal(18, 2)) as credited_revenue,
    top_campaigns.campaign_id,
    entity_campaigns.campaign_name,
    entity_campaigns.platform,
    fact_accounts__acquisition_costs.touches,
    fact_accounts__acquisition_costs.attributed_revenue,
    fact_accounts__acquisition_costs.acquisition_cost,
    fact_accounts__acquisition_costs.credit_with_cost
from top_channels
inner join fact_accounts__acquisition_costs
    on
        top_channels.account_id = fact_accounts__acquisition_costs.account_id
        and top_channels.attribution_model = fact_accounts__acquisition_costs.attribution_model
left join top_campaigns
    on
        top_channels.account_id = top_campaigns.account_id
        and top_channels.attribution_model = top_campaigns.attribution_model
        and top_campaigns.place = 1
left join entity_campaigns on top_campaigns.campaign_id = entity_campaigns.campaign_id
where top_channels.place = 1
