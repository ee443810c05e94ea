{% macro clean_text(column) %}
    {{- return(adapter.dispatch('clean_text', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__clean_text(column) -%}
    nullif(lower(trim({{ column }})), '')
{%- endmacro %}


{% macro safe_bigint(column) %}
    {{- return(adapter.dispatch('safe_bigint', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__safe_bigint(column) -%}
    try_cast({{ column }} as bigint)
{%- endmacro %}

{% macro postgres__safe_bigint(column) -%}
    case
        when cast({{ column }} as text) ~ '^\s*[+-]?\d{1,18}\s*$'
            then cast(cast({{ column }} as text) as bigint)
    end
{%- endmacro %}


{% macro safe_decimal(column, precision=18, scale=2) %}
    {{- return(
        adapter.dispatch('safe_decimal', 'brewhouse_utils')(column, precision, scale)
    ) -}}
{% endmacro %}

{% macro default__safe_decimal(column, precision, scale) -%}
    try_cast({{ column }} as decimal({{ precision }}, {{ scale }}))
{%- endmacro %}

{% macro postgres__safe_decimal(column, precision, scale) -%}
    case
        when cast({{ column }} as text) ~ '^\s*[+-]?\d{1,{{ precision - scale - 1 }}}(\.\d*)?\s*$'
            then cast(cast({{ column }} as text) as decimal({{ precision }}, {{ scale }}))
    end
{%- endmacro %}


{% macro sql_list(texts) -%}
    {%- for text in texts -%}
        '{{ text | replace("'", "''") }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
