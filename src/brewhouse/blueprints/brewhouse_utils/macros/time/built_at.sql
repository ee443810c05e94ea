{% macro built_at() %}
    {{- return(adapter.dispatch('built_at', 'brewhouse_utils')()) -}}
{% endmacro %}

{% macro default__built_at() -%}
    {#- The only place that reads a clock: the moment is the build's, not the row's. -#}
    {%- set started = run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') -%}
    {%- set moment = var('built_at', none) or started -%}
    cast('{{ moment }}' as timestamp)
{%- endmacro %}
