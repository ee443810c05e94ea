-- Do we win more MRR than we lose, in each full quarter?
-- asked by: executives
-- holds: count(*) = 12 and bool_and(quick_ratio > 1) and bool_and(won_usd - lost_usd = net_usd) and min(quick_ratio) < 20
with

quarters as (
    select
        cast(date_trunc('quarter', month_start_date) as date) as quarter_start,
        sum(new_mrr + expansion_mrr + reactivation_mrr) as won_usd,
        sum(contraction_mrr + churned_mrr) as lost_usd,
        sum(monthly_recurring_revenue - start_mrr) as net_usd
    from entity.entity_subscriptions_monthly
    group by 1
    having count(distinct month_start_date) = 3
)

select
    quarter_start,
    won_usd,
    lost_usd,
    net_usd,
    cast(won_usd / nullif(lost_usd, 0) as decimal(18, 2)) as quick_ratio
from quarters
order by quarter_start
