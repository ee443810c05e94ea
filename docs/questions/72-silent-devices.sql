-- How many devices in service send nothing, by country?
-- asked by: operations
-- holds: count(*) = 5 and bool_and(active + quiet + silent + never_seen = devices) and bool_and(silent_pct between 5 and 50)
select
    country,
    count(*) as devices,
    count(*) filter (where activity_status = 'active') as active,
    count(*) filter (where activity_status = 'quiet') as quiet,
    count(*) filter (where activity_status = 'silent') as silent,
    count(*) filter (where activity_status = 'never_seen') as never_seen,
    cast(100.0 * count(*) filter (where activity_status in ('silent', 'never_seen')) / nullif(count(*), 0)
        as decimal(9, 2)) as silent_pct
from mart.operations_device_monitoring
group by country
order by devices desc, country
