-- How many days pass from the opening of a deal until it is won, by quarter of closing?
-- asked by: sales
-- holds: count(*) between 11 and 12 and bool_and(days_per_deal between 8 and 60) and bool_and(shortest_days >= 0) and max(days_per_deal) < 4 * min(days_per_deal)
select
    cast(date_trunc('quarter', closed_at) as date) as quarter_start,
    count(*) as won_deals,
    min(days_to_conversion) as shortest_days,
    max(days_to_conversion) as longest_days,
    cast(sum(days_to_conversion) / nullif(cast(count(*) as decimal(18, 2)), 0) as decimal(9, 2)) as days_per_deal
from mart.mart_sales__pipeline
where is_won and sales_pipeline = 'default'
group by 1
order by 1
