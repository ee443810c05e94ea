{%- set in_order -%}
    over (
        partition by touches.attribution_model, touches.campaign_id
        order by touches.account_id, touches.touchpoint_id
        rows between unbounded preceding and current row
    )
{%- endset -%}

with

entity_campaigns as (
    select * from {{ ref('entity_campaigns') }}
    where total_spend is not null
),

touches as (
    select
        *,
        cast(round(credit * 10000, 0) as bigint) as parts
    from {{ ref('fact_attribution__credits') }}
),

costs_so_far as (
    select
        touches.account_id,
        touches.attribution_model,
        touches.campaign_id,
        touches.touchpoint_id,
        touches.credit,
        touches.credited_revenue,
        entity_campaigns.total_spend,
        {{ brewhouse_utils.ratio(
            'entity_campaigns.total_spend * cast(sum(touches.parts) ' ~ in_order ~ ' as bigint)',
            'cast(sum(touches.parts) over (
                partition by touches.attribution_model, touches.campaign_id
            ) as bigint)', 2
        ) }} as cost_so_far
    from touches
    left join entity_campaigns on touches.campaign_id = entity_campaigns.campaign_id
),

-- Costs of all credits up to this one are rounded, not its own: so a campaign's add up to what it spent.
costs as (
    select
        *,
        cost_so_far - coalesce(lag(cost_so_far) over (
            partition by attribution_model, campaign_id order by account_id, touchpoint_id
        ), 0) as cost
    from costs_so_far
)

select
    account_id,
    attribution_model,
    count(*) as touches,
    cast(sum(credited_revenue) as decimal(18, 2)) as attributed_revenue,
    cast(sum(case when credit > 0 then cost end) as decimal(18, 2)) as acquisition_cost,
    cast(coalesce(sum(case when total_spend is not null then credit end), 0) as decimal(18, 6))
        as credit_with_cost
from costs
group by account_id, attribution_model
