select
    g,
    {{ brewhouse_utils.first_by('t', ['k', 't', 'id']) }} as first_by,
    {{ brewhouse_utils.last_by('t', ['k', 't', 'id']) }} as last_by,
    cast({{ brewhouse_utils.first_by('n', ['t', 'id']) }} as decimal(10, 2)) as first_number_by,
    cast({{ brewhouse_utils.last_by('n', ['t', 'id']) }} as decimal(10, 2)) as last_number_by,
    {{ brewhouse_utils.count_if('n > 3') }} as count_if,
    {{ brewhouse_utils.percentile('n', 0.5, 2) }} as median,
    {{ brewhouse_utils.percentile('n', 0.9) }} as percentile_90,
    {{ brewhouse_utils.percentile('k', 0.25, 4) }} as percentile_25,
    {%- for column in ['g', 't', 'n', 'k', 'b'] %}
    {{ brewhouse_utils.varies(column) }} as varies_{{ column }},
    {%- endfor %}
    min(t) as least_text,
    max(t) as greatest_text
from raw.groups
group by g
