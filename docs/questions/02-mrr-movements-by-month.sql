-- How did our MRR move in each of the last 12 months?
-- asked by: executives
-- holds: count(*) = 12 and bool_and(start_mrr_usd + new_usd + expansion_usd + reactivation_usd - contraction_usd - churned_usd = end_mrr_usd) and bool_and(transferred_usd = 0) and bool_and(coalesce(end_of_month_before_usd, start_mrr_usd) = start_mrr_usd) and sum(new_usd) > sum(expansion_usd)
with

months as (
    select
        month_start_date,
        sum(start_mrr) as start_mrr_usd,
        sum(new_mrr) as new_usd,
        sum(expansion_mrr) as expansion_usd,
        sum(reactivation_mrr) as reactivation_usd,
        sum(contraction_mrr) as contraction_usd,
        sum(churned_mrr) as churned_usd,
        sum(transferred_mrr) as transferred_usd,
        sum(monthly_recurring_revenue) as end_mrr_usd
    from entity.entity_subscriptions_monthly
    where
        month_start_date > (
            select cast(max(month_start_date) - interval '1 year' as date)
            from entity.entity_subscriptions_monthly
        )
    group by month_start_date
)

select
    *,
    lag(end_mrr_usd) over (order by month_start_date) as end_of_month_before_usd
from months
order by month_start_date
