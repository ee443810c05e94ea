-- How much annual revenue did we book in each quarter, and what share of it came from existing customers?
-- asked by: sales
-- holds: count(*) between 11 and 12 and bool_and(new_usd + expansion_usd = booked_usd) and sum(expansion_usd) > 0 and sum(expansion_usd) < sum(new_usd) and max(booked_usd) > 4 * min(booked_usd)
select
    cast(date_trunc('quarter', closed_at) as date) as quarter_start,
    count(*) as won_deals,
    sum(deal_amount) as booked_usd,
    sum(case when deal_type = 'newbusiness' then deal_amount else 0 end) as new_usd,
    sum(case when deal_type = 'existingbusiness' then deal_amount else 0 end) as expansion_usd,
    cast(100.0 * sum(case when deal_type = 'existingbusiness' then deal_amount else 0 end)
        / nullif(sum(deal_amount), 0) as decimal(9, 2)) as expansion_share_pct
from mart.mart_sales__pipeline
where is_won
group by 1
order by 1
