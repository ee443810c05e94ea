{% macro valid_json(column) %}
    {{- return(adapter.dispatch('valid_json', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__valid_json(column) -%}
    case when {{ column }} is json then {{ column }} end
{%- endmacro %}

{% macro duckdb__valid_json(column) -%}
    case when json_valid({{ column }}) then {{ column }} end
{%- endmacro %}


{% macro json_text(column, path) %}
    {{- return(adapter.dispatch('json_text', 'brewhouse_utils')(column, path)) -}}
{% endmacro %}

{% macro default__json_text(column, path) -%}
    cast({{ column }} as jsonb) #>> '{{ "{" ~ path | replace(".", ",") ~ "}" }}'
{%- endmacro %}

{% macro duckdb__json_text(column, path) -%}
    {%- set steps = namespace(text='$') -%}
    {%- for step in path.split('.') -%}
        {%- set steps.text = steps.text ~ ('[' ~ step ~ ']' if step.isdigit() else '.' ~ step) -%}
    {%- endfor -%}
    json_extract_string({{ column }}, '{{ steps.text }}')
{%- endmacro %}


{% macro from_epoch_ms(milliseconds) %}
    {{- return(adapter.dispatch('from_epoch_ms', 'brewhouse_utils')(milliseconds)) -}}
{% endmacro %}

{% macro default__from_epoch_ms(milliseconds) -%}
    timestamp '1970-01-01' + {{ milliseconds }} * interval '1 millisecond'
{%- endmacro %}

{% macro duckdb__from_epoch_ms(milliseconds) -%}
    make_timestamp({{ milliseconds }} * 1000)
{%- endmacro %}
