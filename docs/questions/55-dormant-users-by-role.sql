-- How many users are dormant or never logged in, by role?
-- asked by: product
-- holds: count(*) = 5 and bool_and(active + dormant + never_logged_in = users) and bool_and(idle_pct between 20 and 90)
select
    user_role,
    count(*) as users,
    count(*) filter (where user_status = 'active') as active,
    count(*) filter (where user_status = 'dormant') as dormant,
    count(*) filter (where user_status = 'never_logged_in') as never_logged_in,
    cast(100.0 * count(*) filter (where user_status <> 'active') / nullif(count(*), 0) as decimal(9, 2)) as idle_pct
from entity.entity_users
where user_status <> 'disabled'
group by user_role
order by users desc, user_role
