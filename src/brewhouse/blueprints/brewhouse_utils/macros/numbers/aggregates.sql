{% macro count_if(condition) %}
    {{- return(adapter.dispatch('count_if', 'brewhouse_utils')(condition)) -}}
{% endmacro %}

{% macro default__count_if(condition) -%}
    count(case when {{ condition }} then 1 end)
{%- endmacro %}

{% macro duckdb__count_if(condition) -%}
    count(*) filter (where {{ condition }})
{%- endmacro %}


{% macro percentile(value, fraction, scale=6) %}
    {{- return(adapter.dispatch('percentile', 'brewhouse_utils')(value, fraction, scale)) -}}
{% endmacro %}

{% macro default__percentile(value, fraction, scale) -%}
    {#- Of doubles, because DuckDB cuts off what falls between two decimals. Rounded twice, so that a half that
        a double misses by a hair is rounded up on each engine. -#}
    {%- set between -%}
        percentile_cont({{ fraction }}) within group (order by cast({{ value }} as double precision))
    {%- endset -%}
    cast(
        round(cast({{ between }} as decimal(28, {{ scale + 3 }})), {{ scale }}) as decimal(18, {{ scale }})
    )
{%- endmacro %}
