-- What was our device uptime over the last 30 days, by type of venue?
-- asked by: operations
-- holds: count(*) = 6 and bool_and(uptime_pct between 99 and 100) and bool_and(downtime_hours < 0.01 * service_hours) and sum(failures_30d) > 0
select
    location_type,
    sum(devices_in_service) as devices,
    sum(failures_30d) as failures_30d,
    cast(sum(service_seconds_30d) / 3600.0 as decimal(18, 1)) as service_hours,
    cast(sum(downtime_seconds_30d) / 3600.0 as decimal(18, 1)) as downtime_hours,
    cast(100.0 * (sum(service_seconds_30d) - sum(downtime_seconds_30d)) / nullif(sum(service_seconds_30d), 0)
        as decimal(9, 3)) as uptime_pct
from mart.mart_device_operations
group by location_type
order by uptime_pct, location_type
