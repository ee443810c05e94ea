-- What share of each plan's customers pays by the year?
-- asked by: finance
-- holds: count(*) = 4 and min(annual_pct) filter (where plan_name = 'starter') < min(annual_pct) filter (where plan_name = 'professional') and min(annual_pct) filter (where plan_name = 'professional') < min(annual_pct) filter (where plan_name = 'business') and min(annual_pct) filter (where plan_name = 'business') < min(annual_pct) filter (where plan_name = 'enterprise') and sum(annual_customers) + sum(monthly_customers) = sum(customers)
select
    plan_name,
    count(*) as customers,
    count(*) filter (where billing_cycle = 'annual') as annual_customers,
    count(*) filter (where billing_cycle = 'monthly') as monthly_customers,
    cast(100.0 * count(*) filter (where billing_cycle = 'annual') / nullif(count(*), 0) as decimal(9, 2))
        as annual_pct,
    cast(100.0 * sum(case when billing_cycle = 'annual' then monthly_recurring_revenue else 0 end)
        / nullif(sum(monthly_recurring_revenue), 0) as decimal(9, 2)) as annual_mrr_pct
from entity.entity_customers
where monthly_recurring_revenue > 0
group by plan_name
order by annual_pct, plan_name
