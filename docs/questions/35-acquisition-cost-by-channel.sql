-- What does a customer cost in each paid channel, and after how many months has it paid back?
-- asked by: marketing
-- holds: count(*) between 3 and 4 and bool_and(cost_per_customer_usd > 0) and bool_and(payback_months between 0.1 and 3) and bool_and(cost_per_customer_usd between 200 and 900) and bool_and(paid_back <= customers)
select
    primary_channel,
    count(*) as customers,
    sum(acquisition_cost) as cost_usd,
    sum(monthly_recurring_revenue) as mrr_usd,
    count(*) filter (where has_paid_back) as paid_back,
    cast(sum(acquisition_cost) / nullif(count(*), 0) as decimal(18, 2)) as cost_per_customer_usd,
    cast(sum(acquisition_cost) / nullif(sum(monthly_recurring_revenue), 0) as decimal(9, 1)) as payback_months
from mart.mart_marketing__attribution
where primary_channel in ('google_ads', 'facebook_ads', 'linkedin_ads') and acquisition_cost is not null
group by primary_channel
order by payback_months, primary_channel
