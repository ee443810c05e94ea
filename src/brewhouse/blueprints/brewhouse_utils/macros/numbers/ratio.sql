{% macro ratio(numerator, denominator, scale=6) %}
    {{- return(adapter.dispatch('ratio', 'brewhouse_utils')(numerator, denominator, scale)) -}}
{% endmacro %}

{% macro default__ratio(numerator, denominator, scale) -%}
    cast(
        round(
            cast({{ numerator }} as decimal(28, 2))
            / nullif(cast({{ denominator }} as decimal(18, 0)), 0),
            {{ scale }}
        ) as decimal(18, {{ scale }})
    )
{%- endmacro %}

{% macro duckdb__ratio(numerator, denominator, scale) -%}
    {#- DuckDB divides decimals as doubles, which rounds 10.01 / 2 down. Whole numbers are exact:
        (2n + d) // 2d is n / d rounded half up, and (2n - d) // 2d that of a negative n, because // cuts towards 0.
        Beyond 9 * 10^12 the cast fails aloud. -#}
    {%- set scaled = 'cast(' ~ numerator ~ ' as decimal(18, 2)) * ' ~ 10 ** scale -%}
    {%- set whole = 'cast(' ~ scaled ~ ' as bigint)' -%}
    {%- set unit = '0.' ~ '0' * (scale - 1) ~ '1' -%}
    cast(
        cast(
            (2 * {{ whole }} + sign({{ numerator }}) * ({{ denominator }}))
            // nullif(2 * ({{ denominator }}), 0)
            as decimal(18, 0)
        ) * {{ unit }} as decimal(18, {{ scale }})
    )
{%- endmacro %}


{% macro ratio_or_zero(numerator, denominator, scale=6) -%}
    {#- The outer cast declares the type, which coalesce would lose on PostgreSQL. -#}
    cast(
        coalesce({{ brewhouse_utils.ratio(numerator, denominator, scale) }}, 0)
        as decimal(18, {{ scale }})
    )
{%- endmacro %}
