-- On which ten days did most devices stop?
-- asked by: operations
-- holds: count(*) = 10 and min(change_date) filter (where day_rank = 1) = date '2025-10-10' and max(stops) filter (where day_rank = 1) > 10 * max(stops) filter (where day_rank = 2)
with

days as (
    select
        change_date,
        count(*) as stops,
        count(distinct account_id) as accounts
    from entity.entity_devices_history
    where operational_status = 'unreachable'
    group by change_date
)

select
    row_number() over (order by stops desc, change_date) as day_rank,
    change_date,
    stops,
    accounts
from days
order by stops desc, change_date
limit 10
