{% macro clean_text(column) %}
    {{- return(adapter.dispatch('clean_text', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__clean_text(column) -%}
    nullif(lower({{ brewhouse_utils.trimmed(column) }}), '')
{%- endmacro %}


{% macro trimmed(column) %}
    {{- return(adapter.dispatch('trimmed', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__trimmed(column) -%}
    trim({{ column }})
{%- endmacro %}

{% macro postgres__trimmed(column) -%}
    {#- All spaces of Unicode, as on DuckDB; trim alone knows one of them. -#}
    btrim(
        {{ column }},
        U&' \00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\202F\205F\3000'
    )
{%- endmacro %}


{% macro safe_bigint(column) %}
    {{- return(adapter.dispatch('safe_bigint', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__safe_bigint(column) -%}
    try_cast({{ column }} as bigint)
{%- endmacro %}

{% macro postgres__safe_bigint(column) -%}
    {#- As DuckDB reads it: 1.5 is 2, 1e3 is 1000, 0x1F is 31, 0o7 is nothing. -#}
    {%- set text = 'cast(' ~ column ~ ' as text)' -%}
    case
        when pg_input_is_valid({{ text }}, 'bigint') and {{ text }} !~* 'o'
            then cast({{ text }} as bigint)
        when {{ text }} ~* '{{ brewhouse_utils.decimal_pattern() }}'
            then case
                when round(cast({{ text }} as numeric)) between -9223372036854775808 and 9223372036854775807
                    then cast(round(cast({{ text }} as numeric)) as bigint)
            end
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
    {#- The pattern keeps out NaN and hexadecimals. The outer cast declares the type, which a case would lose. -#}
    {%- set text = 'cast(' ~ column ~ ' as text)' -%}
    {%- set type = 'numeric(' ~ precision ~ ', ' ~ scale ~ ')' -%}
    cast(
        case
            when {{ text }} ~* '{{ brewhouse_utils.decimal_pattern() }}'
                then case when pg_input_is_valid({{ text }}, '{{ type }}') then cast({{ text }} as {{ type }}) end
        end as {{ type }}
    )
{%- endmacro %}


{% macro decimal_pattern() -%}
    ^\s*[+-]?(\d+(_\d+)*[.]?\d*|[.]\d+)(e[+-]?\d{1,3})?\s*$
{%- endmacro %}


{% macro sql_list(texts) -%}
    {%- for text in texts -%}
        '{{ text | replace("'", "''") }}'{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
