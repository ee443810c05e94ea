-- How many users were active in each of the last 26 full weeks?
-- asked by: product
-- holds: count(*) = 26 and bool_and(active_users <= users) and max(users) > 1.1 * min(users) and max(week_start_date) - min(week_start_date) = 175 and bool_and(active_pct between 5 and 60)
select
    week_start_date,
    count(*) as users,
    count(*) filter (where active_days > 0) as active_users,
    cast(100.0 * count(*) filter (where active_days > 0) / nullif(count(*), 0) as decimal(9, 2)) as active_pct,
    sum(weekly_sessions) as sessions
from entity.entity_users_weekly
where
    week_start_date < (select max(week_start_date) from entity.entity_users_weekly)
    and week_start_date >= (select max(week_start_date) - 182 from entity.entity_users_weekly)
group by week_start_date
order by week_start_date
