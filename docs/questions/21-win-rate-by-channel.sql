-- From which lead sources do we win the largest share of new deals?
-- asked by: sales
-- holds: count(*) = 7 and min(win_rate_pct) filter (where lead_source = 'referral') > max(win_rate_pct) filter (where lead_source in ('facebook_ads', 'direct')) and min(win_rate_pct) > 25 and max(win_rate_pct) < 75
select
    lead_source,
    lead_source_group,
    count(*) filter (where not is_open) as closed_deals,
    count(*) filter (where is_won) as won,
    cast(100.0 * count(*) filter (where is_won) / nullif(count(*) filter (where not is_open), 0) as decimal(9, 2))
        as win_rate_pct,
    cast(sum(case when is_won then deal_amount else 0 end) / nullif(count(*) filter (where is_won), 0)
        as decimal(18, 2)) as usd_per_won_deal
from mart.mart_sales__pipeline
where sales_pipeline = 'default' and lead_source is not null
group by lead_source, lead_source_group
order by win_rate_pct desc, lead_source
