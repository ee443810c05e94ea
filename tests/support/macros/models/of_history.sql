with

states as (
    select
        g,
        k,
        cast(max(n) as decimal(10, 2)) as n,
        max(t) as t,
        max(d) as d
    from raw.groups
    group by g, k
)

{{ brewhouse_utils.history_of(
    'states', 'g', 'k', ['t', 'n'], {'text': ['t'], 'number': ['n']}, carried=['d'],
    previous={'previous_n': 'n'}, differences={'n_change': 'n', 'd_change': 'd'},
    types={'previous_n': 'decimal(10, 2)', 'n_change': 'decimal(18, 2)'}
) }}
