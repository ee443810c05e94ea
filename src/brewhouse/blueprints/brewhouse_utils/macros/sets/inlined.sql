{% macro inlined() %}
    {{- return(adapter.dispatch('inlined', 'brewhouse_utils')()) -}}
{% endmacro %}

{% macro default__inlined() -%}
    {#- An engine that has no words for it decides for itself. -#}
{%- endmacro %}

{% macro duckdb__inlined() -%}
    not materialized
{%- endmacro %}

{% macro postgres__inlined() -%}
    not materialized
{%- endmacro %}
