-- Which size of customer burdens support most, in tickets per venue?
-- asked by: operations
-- holds: count(*) between 3 and 4 and bool_and(tickets_opened_30d >= 0) and sum(tickets_opened_30d) > 0 and max(accounts) filter (where operations_segment = 'small') = max(accounts) and bool_and(uptime_pct is null or uptime_pct > 98)
select
    operations_segment,
    count(*) as accounts,
    sum(open_locations) as venues,
    sum(devices_in_service) as devices,
    sum(tickets_opened_30d) as tickets_opened_30d,
    sum(open_tickets) as open_tickets,
    cast(sum(tickets_opened_30d) / nullif(cast(sum(open_locations) as decimal(18, 2)), 0) as decimal(9, 3))
        as tickets_per_venue,
    cast(sum(uptime_percentage_30d * devices_in_service)
        / nullif(sum(case when uptime_percentage_30d is not null then devices_in_service end), 0) as decimal(9, 3))
        as uptime_pct
from mart.mart_operations__performance
group by operations_segment
order by accounts desc, operations_segment
