with

credits as (
    select * from {{ ref('fact_attribution__credits') }}
),

entity_campaigns as (
    select * from {{ ref('entity_campaigns') }}
),

entity_customers as (
    select * from {{ ref('entity_customers') }}
),

costs as (
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
    from credits
    group by account_id, attribution_model, channel
),

-- The channel with most of the credit; of equals, the one that came first.
top_channels as (
    select
        *,
        row_number() over (
            partition by account_id, attribution_model
            order by credit desc, first_touch_number asc, channel asc
        ) as place
    from channel_sums
),

campaign_sums as (
    select
        credits.account_id,
        credits.attribution_model,
        credits.campaign_id,
        sum(credits.credit) as credit,
        min(credits.touch_number) as first_touch_number
    from credits
    inner join top_channels
        on
            credits.account_id = top_channels.account_id
            and credits.attribution_model = top_channels.attribution_model
            and credits.channel = top_channels.channel
    where top_channels.place = 1 and credits.campaign_id is not null
    group by credits.account_id, credits.attribution_model, credits.campaign_id
),

top_campaigns as (
    select
        *,
        row_number() over (
            partition by account_id, attribution_model
            order by credit desc, first_touch_number asc, campaign_id asc
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
    costs.touches,
    costs.attributed_revenue,
    costs.acquisition_cost,
    costs.credit_with_cost,
    entity_customers.customer_status <> 'churned' as is_in_service
from top_channels
inner join costs
    on
        top_channels.account_id = costs.account_id
        and top_channels.attribution_model = costs.attribution_model
left join top_campaigns
    on
        top_channels.account_id = top_campaigns.account_id
        and top_channels.attribution_model = top_campaigns.attribution_model
        and top_campaigns.place = 1
inner join entity_customers on top_channels.account_id = entity_customers.account_id
left join entity_campaigns on top_campaigns.campaign_id = entity_campaigns.campaign_id
where top_channels.place = 1
