-- How long does a device stay down until it is back, by year of the failure?
-- asked by: operations
-- holds: count(*) between 3 and 4 and bool_and(hours_per_repair between 10 and 60) and sum(stops) = sum(under_a_day) + sum(a_day_or_more) and sum(a_day_or_more) > 0 and sum(under_a_day) > 0
select
    cast(extract(year from failed_at) as integer) as year_of_failure,
    count(*) as stops,
    count(*) filter (where downtime_seconds < 86400) as under_a_day,
    count(*) filter (where downtime_seconds >= 86400) as a_day_or_more,
    cast(sum(downtime_seconds) / 3600.0 / nullif(count(*), 0) as decimal(9, 2)) as hours_per_repair
from facts.fact_devices__downtimes
where back_at is not null
group by 1
order by 1
