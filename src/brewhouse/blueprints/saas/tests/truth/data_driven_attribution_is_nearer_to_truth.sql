{{ config(enabled=var('simulated')) }}

{#- Revenue by channel of the data-driven model against revenue by the channel that truly did most
    for each won deal: the sum of the differences of the shares is smaller than that of each rule,
    such as the last touch. -#}

with

fact_attribution__credits as (
    select * from {{ ref('fact_attribution__credits') }}
),

fact_leads__conversions as (
    select * from {{ ref('fact_leads__conversions') }}
),

conversions as (
    select * from {{ source('truth', 'conversions') }}
),

true_revenue as (
    select
        conversions.true_channel as channel,
        sum(fact_leads__conversions.revenue) as revenue
    from fact_leads__conversions
    inner join conversions on fact_leads__conversions.lead_id = conversions.mql_id
    group by conversions.true_channel
),

models as (
    select distinct attribution_model from fact_attribution__credits
),

credited_revenue as (
    select
        attribution_model,
        channel,
        sum(credited_revenue) as revenue
    from fact_attribution__credits
    group by attribution_model, channel
),

channels as (
    select channel from true_revenue
    union
    select channel from credited_revenue
),

total as (
    select sum(revenue) as revenue from true_revenue
),

distances as (
    select
        models.attribution_model,
        sum(abs(
            coalesce(credited_revenue.revenue, 0) - coalesce(true_revenue.revenue, 0)
        )) as misplaced_revenue
    from models
    cross join channels
    left join true_revenue on channels.channel = true_revenue.channel
    left join credited_revenue
        on
            channels.channel = credited_revenue.channel
            and models.attribution_model = credited_revenue.attribution_model
    group by models.attribution_model
),

compared as (
    select
        rules.attribution_model,
        {{ brewhouse_utils.ratio('rules.misplaced_revenue', 'cast(total.revenue as bigint)') }}
            as rule_distance,
        {{ brewhouse_utils.ratio('learned.misplaced_revenue', 'cast(total.revenue as bigint)') }}
            as data_driven_distance
    from distances as learned
    cross join total
    cross join distances as rules
    where
        learned.attribution_model = 'data_driven'
        and rules.attribution_model <> 'data_driven'
)

select *
from compared
where (data_driven_distance < rule_distance) is not true
