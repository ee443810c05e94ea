-- Which markets have most venues that could take another device?
-- asked by: operations
-- holds: count(*) = 3 and bool_and(candidates < open_venues) and sum(candidates) > 0 and max(open_venues) filter (where geographic_market = 'north_america') = max(open_venues)
select
    geographic_market,
    count(*) filter (where location_status = 'open') as open_venues,
    count(*) filter (where expansion_indicator = 'candidate') as candidates,
    count(*) filter (where expansion_indicator = 'fix_first') as fix_first,
    cast(100.0 * count(*) filter (where expansion_indicator = 'candidate')
        / nullif(count(*) filter (where location_status = 'open'), 0) as decimal(9, 2)) as candidates_pct
from entity.entity_locations
group by geographic_market
order by candidates desc, geographic_market
