-- What did we spend on advertising in each full quarter, and what new MRR came of it?
-- asked by: marketing
-- holds: count(*) = 12 and bool_and(spend_usd > 0) and sum(new_customers) > 0 and sum(new_customers) <= sum(conversions) and max(new_mrr_usd) > 3 * min(new_mrr_usd)
select
    cast(date_trunc('quarter', date_day) as date) as quarter_start,
    sum(leads) as leads,
    sum(qualified_leads) as qualified_leads,
    sum(conversions) as conversions,
    sum(new_customers) as new_customers,
    sum(spend) as spend_usd,
    sum(new_mrr) as new_mrr_usd,
    cast(sum(spend) / nullif(sum(new_customers), 0) as decimal(18, 2)) as spend_per_new_customer_usd
from facts.fact_marketing__daily
group by 1
having max(date_day) - min(date_day) >= 89
order by 1
