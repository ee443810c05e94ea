{% macro built_at() %}
    {{- return(adapter.dispatch('built_at', 'brewhouse_utils')()) -}}
{% endmacro %}

{% macro default__built_at() -%}
    {#- The only place of the house that reads a clock: the moment is the build's, not the row's. -#}
    {%- set moment = var('built_at', none) or run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') -%}
    cast('{{ moment }}' as timestamp)
{%- endmacro %}
