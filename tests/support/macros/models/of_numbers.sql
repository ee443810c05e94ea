select
    numbers.id,
    intervals.name,
    intervals.length,
    {%- for scale in [0, 1, 2, 4, 6] %}
    {{ brewhouse_utils.ratio('n', 'd', scale) }} as ratio_{{ scale }},
    {{ brewhouse_utils.ratio('n - 50', 'd + length', scale) }} as ratio_of_terms_{{ scale }},
    {%- endfor %}
    {{ brewhouse_utils.ratio_or_zero('n', 'd', 2) }} as ratio_or_zero,
    {{ brewhouse_utils.celsius('n') }} as celsius,
    {{ brewhouse_utils.millilitres('n') }} as millilitres,
    {{ brewhouse_utils.safe_bigint('n') }} as safe_bigint,
    {{ brewhouse_utils.safe_decimal('n') }} as safe_decimal,
    {{ brewhouse_utils.dollars('d') }} as dollars,
    {{ brewhouse_utils.outside('n', {'min': 1, 'max': 9.5}) }} as is_outside,
    {{ brewhouse_utils.banded('n', {'high': 100, 'middle': 10, 'low': 0}, 'none') }} as band,
    {{ brewhouse_utils.mean_of_capped({'d': 9, 'length': 4, 'd + 1': 7}) }} as mean_of_capped,
    {{ brewhouse_utils.from_epoch_ms('d * 1000003') }} as from_epoch_ms,
    {{ brewhouse_utils.monthly_amount('abs(n)', 'name', 'length') }} as monthly_amount,
    {{ brewhouse_utils.billing_period('name', 'length') }} as billing_period,
    {{ brewhouse_utils.plan_allowance({'month': {'devices': 4}}, 'devices', 'name') }} as plan_allowance
from raw.numbers as numbers
cross join (
    select 'month' as name, 1 as length
    union all
    select 'month' as name, 3 as length
    union all
    select 'week' as name, 2 as length
    union all
    select 'day' as name, 1 as length
    union all
    select 'year' as name, 1 as length
    union all
    select 'fortnight' as name, 12 as length
) as intervals
