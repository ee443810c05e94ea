{% macro inlined() %}
    {{- return(adapter.dispatch('inlined', 'brewhouse_utils')()) -}}
{% endmacro %}

{% macro default__inlined() -%}
    {#- The engine decides. PostgreSQL keeps what is read twice, on disk if need be, and so parses JSON once. -#}
{%- endmacro %}

{% macro duckdb__inlined() -%}
    not materialized
{%- endmacro %}
