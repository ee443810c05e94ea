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
        (2n + |d|) // 2d is n / d rounded half up, and (2n - |d|) // 2d that of a negative n, because // cuts
        towards 0.
        A numerator of 10^(16 - scale) fails aloud. -#}
    {%- set digits = [scale, 2] | max -%}
    {%- set whole = 'cast(cast(' ~ numerator ~ ' as decimal(18, 2)) * ' ~ 10 ** digits ~ ' as bigint)' -%}
    {%- set divisor = '(' ~ denominator ~ ')' ~ (' * ' ~ 10 ** (digits - scale) if digits > scale else '') -%}
    {%- set unit = '0.' ~ '0' * (scale - 1) ~ '1' if scale else '1' -%}
    cast(
        cast(
            (2 * {{ whole }} + sign({{ numerator }}) * abs({{ divisor }})) // nullif(2 * {{ divisor }}, 0)
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
