-- What does a click cost on each platform, and how many of those who see an advertisement click?
-- asked by: marketing
-- holds: count(*) = 3 and max(usd_per_click) filter (where platform = 'linkedin') between 7.8 and 9.8 and max(usd_per_click) filter (where platform = 'google') between 5.1 and 6.4 and max(usd_per_click) filter (where platform = 'facebook') between 1.7 and 2.1 and max(clicks_per_mille) filter (where platform = 'google') between 30 and 38 and max(clicks_per_mille) filter (where platform = 'facebook') between 9.5 and 12.5 and max(clicks_per_mille) filter (where platform = 'linkedin') between 5 and 7
select
    platform,
    sum(total_spend) as spend_usd,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    cast(sum(total_spend) / nullif(sum(clicks), 0) as decimal(18, 2)) as usd_per_click,
    cast(1000.0 * sum(clicks) / nullif(sum(impressions), 0) as decimal(18, 2)) as clicks_per_mille
from entity.entity_campaigns
where total_spend is not null
group by platform
order by usd_per_click desc, platform
