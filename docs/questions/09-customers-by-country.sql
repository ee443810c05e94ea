-- In which countries is our money, and how much does a venue bring there?
-- asked by: executives
-- holds: count(*) = 5 and max(customers) filter (where country_code = 'US') = max(customers) and sum(customers_share_pct) between 99.9 and 100.1 and min(customers_share_pct) filter (where country_code = 'US') between 52 and 72 and bool_and(mrr_per_venue_usd > 0)
select
    main_country_code as country_code,
    count(*) as customers,
    sum(monthly_recurring_revenue) as mrr_usd,
    sum(open_locations) as open_venues,
    cast(100.0 * count(*) / nullif(sum(count(*)) over (), 0) as decimal(9, 2)) as customers_share_pct,
    cast(sum(monthly_recurring_revenue) / nullif(sum(open_locations), 0) as decimal(18, 2)) as mrr_per_venue_usd
from mart.mart_operations__performance
where main_country_code is not null
group by main_country_code
order by mrr_usd desc, country_code
