-- How many days of service pass between two failures, by model of device?
-- asked by: operations
-- holds: count(*) = 5 and bool_and(mtbf_days between 200 and 4000) and bool_and(lifetime_uptime_pct between 99 and 100) and bool_and(failures > 0)
select
    devices.model,
    count(*) as devices,
    sum(uptime.failures_lifetime) as failures,
    cast(sum(uptime.service_seconds_lifetime) / 86400.0 / nullif(sum(uptime.failures_lifetime), 0) as decimal(18, 1))
        as mtbf_days,
    cast(100.0 * (sum(uptime.service_seconds_lifetime) - sum(uptime.downtime_seconds_lifetime))
        / nullif(sum(uptime.service_seconds_lifetime), 0) as decimal(9, 3)) as lifetime_uptime_pct
from facts.fact_devices__uptime as uptime
inner join entity.entity_devices as devices on uptime.device_id = devices.device_id
group by devices.model
order by mtbf_days, devices.model
