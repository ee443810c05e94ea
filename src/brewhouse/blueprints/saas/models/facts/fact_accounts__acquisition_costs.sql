{%- set in_order -%}
    over (
        partition by attribution_model, campaign_id order by account_id, touchpoint_id
        rows between unbounded preceding and current row
    )
{%- endset -%}

with

credits as (
    select * from {{ ref('fact_attribution__credits') }}
),

entity_campaigns as (
    select * from {{ ref('entity_campaigns') }}
    where total_spend is not null
),

priced_touches as (
    select
        credits.account_id,
        credits.attribution_model,
        credits.campaign_id,
        credits.touchpoint_id,
        credits.credit,
        entity_campaigns.total_spend,
        cast(round(credits.credit * 10000, 0) as bigint) as parts
    from credits
    inner join entity_campaigns on credits.campaign_id = entity_campaigns.campaign_id
    where credits.credit > 0
),

costs_so_far as (
    select
        *,
        {{ brewhouse_utils.ratio(
            'total_spend * cast(sum(parts) ' ~ in_order ~ ' as bigint)',
            'cast(sum(parts) over (partition by attribution_model, campaign_id) as bigint)', 2
        ) }} as cost_so_far
    from priced_touches
),

-- Costs of all credits so far are rounded, not each one: so a campaign's add up to its spend.
touch_costs as (
    select
        account_id,
        attribution_model,
        credit,
        cost_so_far - coalesce(lag(cost_so_far) over (
            partition by attribution_model, campaign_id order by account_id, touchpoint_id
        ), 0) as touch_cost
    from costs_so_far
),

costs as (
    select
        account_id,
        attribution_model,
        cast(sum(touch_cost) as decimal(18, 2)) as acquisition_cost,
        cast(sum(credit) as decimal(18, 6)) as credit_with_cost
    from touch_costs
    group by account_id, attribution_model
),

totals as (
    select
        account_id,
        attribution_model,
        count(*) as touches,
        cast(sum(credited_revenue) as decimal(18, 2)) as attributed_revenue
    from credits
    group by account_id, attribution_model
)

select
    totals.account_id,
    totals.attribution_model,
    totals.touches,
    totals.attributed_revenue,
    costs.acquisition_cost,
    cast(coalesce(costs.credit_with_cost, 0) as decimal(18, 6)) as credit_with_cost
from totals
left join costs
    on
        totals.account_id = costs.account_id
        and totals.attribution_model = costs.attribution_model
