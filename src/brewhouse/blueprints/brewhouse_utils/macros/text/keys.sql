{% macro clean_id(column) %}
    {{- return(adapter.dispatch('clean_id', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__clean_id(column) -%}
    nullif({{ brewhouse_utils.trimmed(column) }}, '')
{%- endmacro %}


{% macro surrogate_key(columns) %}
    {{- return(adapter.dispatch('surrogate_key', 'brewhouse_utils')(columns)) -}}
{% endmacro %}

{% macro default__surrogate_key(columns) -%}
    {#- A null differs from an empty text, so that ('a', null) and ('a', '') have two keys. -#}
    {%- set texts = [] -%}
    {%- for column in ([columns] if columns is string else columns) -%}
        {%- set text = 'cast(' ~ column ~ ' as ' ~ dbt.type_string() ~ ')' -%}
        {%- do texts.append("coalesce(" ~ text ~ ", '_null_')") -%}
    {%- endfor -%}
    md5({{ texts | join(" || '-' || ") }})
{%- endmacro %}
