with

bounds as (
    select
        min(d) as first_day,
        max(d) as last_day
    from raw.moments
    where id in (2, 3)
)

select date_day as day_or_number_of
from ({{ brewhouse_utils.date_spine('bounds', 'first_day', 'last_day') }}) as spine
union all
select cast('2000-01-01' as date) + n as day_or_number_of
from ({{ brewhouse_utils.numbers(2) }}) as numbers
