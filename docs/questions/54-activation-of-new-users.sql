-- What share of invited users logs in within 14 days, quarter by quarter?
-- asked by: product
-- holds: count(*) between 11 and 13 and bool_and(within_14_days <= ever) and bool_and(ever <= invited) and 1.0 * sum(within_14_days) / sum(invited) between 0.2 and 0.9
select
    cast(date_trunc('quarter', user_created_at) as date) as quarter_start,
    count(*) as invited,
    count(*) filter (where first_session_time is not null) as ever,
    count(*) filter (where cast(first_session_time as date) - cast(user_created_at as date) <= 14) as within_14_days,
    cast(100.0 * count(*) filter (where cast(first_session_time as date) - cast(user_created_at as date) <= 14)
        / nullif(count(*), 0) as decimal(9, 2)) as activated_pct
from entity.entity_users
group by 1
order by 1
