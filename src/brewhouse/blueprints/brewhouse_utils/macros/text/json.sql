{% macro valid_json(column) %}
    {{- return(adapter.dispatch('valid_json', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__valid_json(column) -%}
    case when {{ column }} is json then {{ column }} end
{%- endmacro %}

{% macro postgres__valid_json(column) -%}
    {#- Not "is json": that passes \u0000 and 1e999999, at which a cast to jsonb fails. -#}
    case when pg_input_is_valid({{ column }}, 'jsonb') then {{ column }} end
{%- endmacro %}

{% macro duckdb__valid_json(column) -%}
    case when json_valid({{ column }}) then {{ column }} end
{%- endmacro %}


{% macro json_text(column, path) %}
    {{- return(adapter.dispatch('json_text', 'brewhouse_utils')(column, path)) -}}
{% endmacro %}

{% macro default__json_text(column, path) -%}
    {{ brewhouse_utils.document_text('cast(' ~ column ~ ' as jsonb)', column, path) }}
{%- endmacro %}

{% macro duckdb__json_text(column, path) -%}
    {%- set steps = namespace(text='$') -%}
    {%- for step in path.split('.') -%}
        {%- set steps.text = steps.text ~ ('[' ~ step ~ ']' if step.isdigit() else '.' ~ step) -%}
    {%- endfor -%}
    json_extract_string({{ column }}, '{{ steps.text }}')
{%- endmacro %}


{% macro document_text(document, text, path) -%}
    {#- A list or an object is written without spaces, as DuckDB does it; jsonb would also sort the keys. -#}
    {%- set steps = "'{" ~ path | replace('.', ',') ~ "}'" -%}
    case
        when jsonb_typeof({{ document }} #> {{ steps }}) in ('array', 'object')
            then {{ brewhouse_utils.compact_json('cast(' ~ text ~ ' as json) #>> ' ~ steps) }}
        else {{ document }} #>> {{ steps }}
    end
{%- endmacro %}


{% macro compact_json(text) -%}
    {#- Strings stay as they are, spaces between them go. -#}
    regexp_replace({{ text }}, '("(\\.|[^"\\])*")|\s+', '\1', 'g')
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
