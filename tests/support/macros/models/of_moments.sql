select
    a.id as a_id,
    b.id as b_id,
    zones.zone,
    {{ brewhouse_utils.date_diff_days('a.m', 'b.m') }} as days_between_moments,
    {{ brewhouse_utils.date_diff_days('a.d', 'b.d') }} as days_between,
    {{ brewhouse_utils.seconds_between('a.m', 'b.m') }} as seconds_between_moments,
    {{ brewhouse_utils.months_between('a.m', 'b.m') }} as months_between_moments,
    {{ brewhouse_utils.months_between('a.d', 'b.d') }} as months_between,
    cast(case
        when {{ brewhouse_utils.date_diff_days('a.m', 'b.m') }} between -90 and 90
            then {{ brewhouse_utils.minutes_between('a.m', 'b.m') }}
    end as decimal(18, 6)) as minutes_between,
    {{ brewhouse_utils.day_of_week('a.m') }} as day_of_week_of_moment,
    {{ brewhouse_utils.day_of_week('a.d') }} as day_of_week,
    {{ brewhouse_utils.hour_of_day('a.m') }} as hour_of_day,
    {{ brewhouse_utils.week_start('a.m') }} as week_start_of_moment,
    {{ brewhouse_utils.week_start('a.d') }} as week_start,
    {{ brewhouse_utils.month_start('a.m') }} as month_start_of_moment,
    {{ brewhouse_utils.month_start('a.d') }} as month_start,
    {{ brewhouse_utils.shift('a.m', 30, 'days') }} as later,
    {{ brewhouse_utils.shift('a.m', -5, 'minutes') }} as earlier,
    {{ brewhouse_utils.shift('a.d', 24, 'hours') }} as next_day,
    {{ brewhouse_utils.local_time('a.m', 'zones.zone') }} as local_time,
    {{ brewhouse_utils.built_at() }} as built_at,
    {{ brewhouse_utils.as_of() }} as as_of
from raw.moments as a
cross join raw.moments as b
cross join (
    select 'Europe/Berlin' as zone
    union all
    select 'America/New_York' as zone
    union all
    select 'Asia/Kolkata' as zone
) as zones
