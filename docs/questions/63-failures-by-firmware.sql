-- Which firmware has had the most failures per device?
-- asked by: operations
-- holds: count(*) = 5 and min(failures_per_device) filter (where firmware_version = '3.2.1') > 2 * max(failures_per_device) filter (where firmware_version <> '3.2.1')
select
    firmware_version,
    count(*) as devices,
    sum(failures_lifetime) as failures,
    cast(sum(failures_lifetime) / nullif(cast(count(*) as decimal(18, 2)), 0) as decimal(9, 3)) as failures_per_device
from entity.entity_devices
group by firmware_version
order by failures_per_device desc, firmware_version
