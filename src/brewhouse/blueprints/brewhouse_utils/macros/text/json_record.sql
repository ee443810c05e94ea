{% macro json_record(column, texts, decimals) %}
    {{- return(adapter.dispatch('json_record', 'brewhouse_utils')(column, texts, decimals)) -}}
{% endmacro %}

{% macro default__json_record(column, texts, decimals) -%}
    cast({{ brewhouse_utils.valid_json(column) }} as jsonb)
{%- endmacro %}

{% macro duckdb__json_record(column, texts, decimals) -%}
    {#- One pass over the text for all keys; a value of another type becomes null. -#}
    {%- set shape = [] -%}
    {%- for key in texts -%}
        {%- do shape.append('"' ~ key ~ '":"varchar"') -%}
    {%- endfor -%}
    {%- for key in decimals -%}
        {%- do shape.append('"' ~ key ~ '":"decimal(12,4)"') -%}
    {%- endfor -%}
    json_transform({{ brewhouse_utils.valid_json(column) }}, '{{ "{" ~ shape | join(",") ~ "}" }}')
{%- endmacro %}


{% macro record_text(record, key) %}
    {{- return(adapter.dispatch('record_text', 'brewhouse_utils')(record, key)) -}}
{% endmacro %}

{% macro default__record_text(record, key) -%}
    {{ brewhouse_utils.clean_text('(' ~ record ~ " ->> '" ~ key ~ "')") }}
{%- endmacro %}

{% macro duckdb__record_text(record, key) -%}
    {{ brewhouse_utils.clean_text(record ~ '.' ~ key) }}
{%- endmacro %}


{% macro record_decimal(record, key) %}
    {{- return(adapter.dispatch('record_decimal', 'brewhouse_utils')(record, key)) -}}
{% endmacro %}

{% macro default__record_decimal(record, key) -%}
    {{ brewhouse_utils.safe_decimal('(' ~ record ~ " ->> '" ~ key ~ "')", 12, 4) }}
{%- endmacro %}

{% macro duckdb__record_decimal(record, key) -%}
    {{ record }}.{{ key }}
{%- endmacro %}
