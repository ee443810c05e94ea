-- What share of each quarter's qualified leads became customers?
-- asked by: marketing
-- holds: count(*) between 11 and 12 and sum(customers) < sum(qualified_leads) and 1.0 * sum(customers) / sum(qualified_leads) between 0.25 and 0.5 and max(qualified_leads) > 1.2 * min(qualified_leads)
select
    cast(date_trunc('quarter', qualified_on) as date) as quarter_start,
    count(*) as qualified_leads,
    cast(sum(won) as bigint) as customers,
    cast(100.0 * sum(won) / nullif(count(*), 0) as decimal(9, 2)) as converted_pct
from facts.fact_leads__journeys
group by 1
order by 1
