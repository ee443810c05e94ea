-- How much beer did each type of venue pour in the last 30 days?
-- asked by: operations
-- holds: count(*) = 6 and sum(litres) > 0 and bool_and(tap_events <= events) and bool_and(ml_per_tap_event between 150 and 260) and max(litres) filter (where location_type = 'bar') = max(litres)
select
    location_type,
    count(*) as venues,
    sum(tap_events_30d) as tap_events,
    sum(tap_events_30d + alert_events_30d) as events,
    cast(sum(total_volume_30d) / 1000 as decimal(18, 2)) as litres,
    cast(sum(total_volume_30d) / nullif(sum(tap_events_30d), 0) as decimal(18, 1)) as ml_per_tap_event
from entity.entity_locations
where location_status = 'open'
group by location_type
order by litres desc, location_type
