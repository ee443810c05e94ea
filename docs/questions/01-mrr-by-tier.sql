-- What is our MRR today, and how much of it comes from each tier?
-- asked by: executives
-- holds: count(*) = 4 and bool_and(annual_usd = 12 * mrr_usd) and sum(mrr_share_pct) between 99.98 and 100.02 and min(mrr_per_customer_usd) filter (where customer_tier = 1) > 4 * max(mrr_per_customer_usd) filter (where customer_tier = 4)
select
    customer_tier,
    count(*) as paying_customers,
    sum(monthly_recurring_revenue) as mrr_usd,
    sum(annual_recurring_revenue) as annual_usd,
    cast(100.0 * sum(monthly_recurring_revenue) / nullif(sum(sum(monthly_recurring_revenue)) over (), 0)
        as decimal(9, 2)) as mrr_share_pct,
    cast(sum(monthly_recurring_revenue) / nullif(count(*), 0) as decimal(18, 2)) as mrr_per_customer_usd
from entity.entity_customers
where monthly_recurring_revenue > 0
group by customer_tier
order by customer_tier
