with

lives as (
    select
        id,
        m as born_at,
        {{ brewhouse_utils.shift('m', 40, 'days') }} as died_at
    from raw.moments
)

{% for grain in ['day', 'week', 'month'] -%}
{{ 'union all' if not loop.first }}
select
    '{{ grain }}' as grain,
    id,
    period_start
from ({{ brewhouse_utils.periods('lives', 'id', 'born_at', 'died_at', grain) }}) as periods_{{ grain }}
{% endfor %}
