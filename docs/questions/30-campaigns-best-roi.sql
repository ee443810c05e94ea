-- Which campaigns bring the best return on what they cost?
-- asked by: marketing
-- holds: count(*) = 10 and bool_and(abs(roi_percentage - computed_roi_pct) <= 0.01) and min(roi_percentage) > 0 and bool_and(platform in ('google', 'facebook', 'linkedin'))
select
    campaign_id,
    campaign_name,
    platform,
    total_spend as spend_usd,
    conversion_value as value_usd,
    attributed_conversions,
    roi_percentage,
    cast(100.0 * (conversion_value - total_spend) / nullif(total_spend, 0) as decimal(18, 2)) as computed_roi_pct,
    performance_tier
from entity.entity_campaigns
where total_spend > 0 and roi_percentage is not null
order by roi_percentage desc, campaign_id
limit 10
