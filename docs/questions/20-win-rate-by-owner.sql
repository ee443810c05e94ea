-- Which sales owners win the largest share of their closed deals?
-- asked by: sales
-- holds: count(*) = 24 and bool_and(abs(win_rate - stated_win_rate) < 0.0001) and bool_and(won = stated_won_deals) and bool_and(win_rate between 0.2 and 0.75)
select
    deal_owner_id,
    sales_owner_name,
    count(*) filter (where not is_open) as closed_deals,
    count(*) filter (where is_won) as won,
    cast(1.0 * count(*) filter (where is_won) / nullif(count(*) filter (where not is_open), 0) as decimal(18, 6))
        as win_rate,
    max(sales_owner_won_deals) as stated_won_deals,
    max(sales_owner_win_rate) as stated_win_rate,
    sum(case when is_won then deal_amount else 0 end) as won_usd
from mart.mart_sales__pipeline
where deal_owner_id is not null
group by deal_owner_id, sales_owner_name
order by win_rate desc, deal_owner_id
