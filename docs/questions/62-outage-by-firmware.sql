-- Which firmware stopped on the worst day that we ever had?
-- asked by: operations
-- holds: count(*) between 1 and 5 and max(stops) filter (where firmware_version = '3.2.1') > 0.9 * sum(stops) and min(stopped_on) = date '2025-10-10' and max(hours_per_stop) filter (where firmware_version = '3.2.1') between 20 and 40
with

days as (
    select
        cast(failed_at as date) as stopped_on,
        count(*) as stops
    from facts.fact_devices__downtimes
    group by 1
    order by stops desc, stopped_on
    limit 1
)

select
    devices.firmware_version,
    cast(downtimes.failed_at as date) as stopped_on,
    count(*) as stops,
    cast(sum(downtimes.downtime_seconds) / 3600.0 / nullif(count(*), 0) as decimal(9, 2)) as hours_per_stop
from facts.fact_devices__downtimes as downtimes
inner join entity.entity_devices as devices on downtimes.device_id = devices.device_id
where cast(downtimes.failed_at as date) = (select stopped_on from days)
group by 1, 2
order by stops desc, devices.firmware_version
