-- At which times of the venue's day is most poured?
-- asked by: operations
-- holds: count(*) = 7 and max(pours) filter (where business_period = 'evening') = max(pours) and min(pours) filter (where business_period = 'morning') = min(pours) and sum(share_pct) between 99.9 and 100.1 and max(share_pct) filter (where business_period = 'evening') between 35 and 52
select
    business_period,
    sum(pour_events) as pours,
    cast(sum(total_volume_liters) as decimal(18, 1)) as litres,
    cast(100.0 * sum(pour_events) / nullif(sum(sum(pour_events)) over (), 0) as decimal(9, 2)) as share_pct
from entity.entity_devices_hourly
where pour_events > 0
group by business_period
order by pours desc, business_period
