-- Which devices missed their service level over the last 30 days?
-- asked by: operations
-- holds: bool_and(sla_status = 'missed') and max(uptime_percentage_30d) < 99.9 and bool_and(downtime_hours > 0) and count(*) = count(distinct device_id)
select
    device_id,
    company_name,
    location_name,
    customer_tier,
    sla_status,
    uptime_percentage_30d,
    failures_30d,
    -- 36 seconds are a hundredth of an hour; the half is rounded up.
    cast(floor((downtime_seconds_30d + 18) / 36.0) * 0.01 as decimal(9, 2)) as downtime_hours
from mart.operations_device_monitoring
where sla_status = 'missed'
order by uptime_percentage_30d, device_id
limit 50
