{% macro indexes() %}
    {{- return(adapter.dispatch('indexes', 'brewhouse_utils')(varargs)) -}}
{% endmacro %}

{% macro default__indexes(column_lists) %}
    {#- An engine of columns scans; an index there (dbt-duckdb would make one) costs memory and time. -#}
    {{- return([]) -}}
{% endmacro %}

{% macro postgres__indexes(column_lists) %}
    {%- set listed = [] -%}
    {%- for columns in column_lists -%}
        {%- do listed.append({'columns': columns}) -%}
    {%- endfor -%}
    {{- return(listed) -}}
{% endmacro %}
