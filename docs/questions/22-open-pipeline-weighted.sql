-- How much is in the open pipeline, and how much of it do we expect, by forecast category?
-- asked by: sales
-- holds: count(*) = 3 and bool_and(weighted_usd < amount_usd) and min(expected_pct) filter (where forecast_category = 'commit') > max(expected_pct) filter (where forecast_category = 'best_case') and min(expected_pct) filter (where forecast_category = 'best_case') > max(expected_pct) filter (where forecast_category = 'pipeline')
select
    forecast_category,
    count(*) as deals,
    sum(deal_amount) as amount_usd,
    sum(weighted_amount) as weighted_usd,
    cast(100.0 * sum(weighted_amount) / nullif(sum(deal_amount), 0) as decimal(9, 2)) as expected_pct
from mart.mart_sales__pipeline
where is_open
group by forecast_category
order by weighted_usd desc, forecast_category
