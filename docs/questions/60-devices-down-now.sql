-- Which devices are down right now?
-- asked by: operations
-- holds: bool_and(operational_status = 'unreachable') and bool_and(connectivity_status = 'offline') and bool_and(primary_severity = 'critical') and count(*) = count(distinct device_id)
select
    device_id,
    company_name,
    location_name,
    model,
    firmware_version,
    operational_status,
    connectivity_status,
    operational_status_since,
    primary_severity,
    recommended_action
from mart.operations_device_monitoring
where connectivity_status = 'offline'
order by operational_status_since, device_id
limit 50
