-- Which alerts stand right now, how severe are they, and since when?
-- asked by: operations
-- holds: count(*) >= 5 and bool_and(severity in ('info', 'warning', 'critical')) and bool_and(alert_kind <> 'offline' or severity = 'critical') and bool_and(longest_days >= 0) and max(devices) filter (where alert_kind = 'maintenance_overdue') = max(devices)
select
    alert_kind,
    severity,
    count(distinct device_id) as devices,
    sum(occurrences) as occurrences,
    min(standing_since) as standing_since,
    max(standing_days) as longest_days
from facts.fact_devices__alerts
group by alert_kind, severity
order by devices desc, alert_kind
