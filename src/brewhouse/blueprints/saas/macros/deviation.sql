{% macro deviation(total, squares, number) -%}
    {#- Population standard deviation from sums: n * squares - total ** 2 has four decimals, so that its root is
        irrational or ends within two, and rounds the same on each engine. -#}
    {{ brewhouse_utils.ratio(
        'cast(round(sqrt(' ~ number ~ ' * ' ~ squares ~ ' - ' ~ total ~ ' * ' ~ total ~ '), 2) as decimal(18, 2))',
        number, 2
    ) }}
{%- endmacro %}
