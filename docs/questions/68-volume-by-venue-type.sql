-- How much beer did each type of venue pour in the last 30 days?
-- asked by: operations
-- holds: count(*) = 6 and sum(litres) > 0 and bool_and(taps <= events) and bool_and(ml_per_pour between 200 and 500) and max(litres) filter (where location_type = 'bar') = max(litres)
select
    location_type,
    count(*) as venues,
    sum(tap_events_30d) as taps,
    sum(tap_events_30d + alert_events_30d) as events,
    cast(sum(total_volume_30d) / 1000 as decimal(18, 2)) as litres,
    cast(sum(total_volume_30d) / nullif(sum(tap_events_30d), 0) as decimal(18, 1)) as ml_per_pour
from entity.entity_locations
where location_status = 'open'
group by location_type
order by litres desc, location_type
