-- How many conversions do the platforms claim, and how many can we attribute to them?
-- asked by: marketing
-- holds: count(*) >= 3 and bool_and(claimed > attributed) and bool_and(attributed > 0)
select
    platform,
    count(*) as campaigns,
    sum(conversions) as claimed,
    cast(sum(attributed_conversions) as decimal(18, 2)) as attributed,
    cast(sum(conversions) / nullif(sum(attributed_conversions), 0) as decimal(18, 2)) as claimed_per_attributed
from entity.entity_campaigns
where conversions is not null
group by platform
order by claimed_per_attributed desc, platform
