{% macro varies(column) %}
    {{- return(adapter.dispatch('varies', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__varies(column) -%}
    {#- As text, because there is no least of two booleans everywhere. Null beside one value is two answers. -#}
    (
        min(cast({{ column }} as {{ dbt.type_string() }}))
        <> max(cast({{ column }} as {{ dbt.type_string() }}))
        or count({{ column }}) between 1 and count(*) - 1
    )
{%- endmacro %}

{% macro postgres__varies(column) -%}
    {#- As lists of one, which have a least and a greatest here even of booleans; as text 0 and 0.00 would be two. -#}
    {%- set list = 'case when ' ~ column ~ ' is not null then array[' ~ column ~ '] end' -%}
    (min({{ list }}) <> max({{ list }}) or count({{ column }}) between 1 and count(*) - 1)
{%- endmacro %}

{% macro duckdb__varies(column) -%}
    (min({{ column }}) <> max({{ column }}) or count({{ column }}) between 1 and count(*) - 1)
{%- endmacro %}
