-- Where is maintenance overdue, by type of device?
-- asked by: operations
-- holds: count(*) = 5 and bool_and(overdue + due_soon + up_to_date = devices) and max(devices) filter (where device_type = 'tap_controller') > 0.45 * sum(devices) and bool_and(longest_overdue_days >= 0)
select
    device_type,
    count(*) as devices,
    count(*) filter (where maintenance_status = 'overdue') as overdue,
    count(*) filter (where maintenance_status = 'due_soon') as due_soon,
    count(*) filter (where maintenance_status = 'up_to_date') as up_to_date,
    cast(100.0 * count(*) filter (where maintenance_status = 'overdue') / nullif(count(*), 0) as decimal(9, 2))
        as overdue_pct,
    max(-days_until_maintenance) as longest_overdue_days
from mart.operations_device_monitoring
group by device_type
order by overdue desc, device_type
