-- How many days pass from the first touch to the customer, by the quarter of signing?
-- asked by: sales
-- holds: count(*) between 11 and 12 and bool_and(days_per_customer between 10 and 120) and bool_and(within_30_days <= customers) and sum(within_30_days) < sum(customers)
select
    cast(date_trunc('quarter', converted_at) as date) as quarter_start,
    count(*) as customers,
    count(*) filter (where days_to_convert <= 30) as within_30_days,
    cast(sum(days_to_convert) / nullif(cast(count(*) as decimal(18, 2)), 0) as decimal(9, 2)) as days_per_customer,
    sum(revenue) as first_year_usd
from facts.fact_leads__conversions
group by 1
order by 1
