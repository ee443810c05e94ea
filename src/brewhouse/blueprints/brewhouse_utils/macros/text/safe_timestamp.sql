{% macro safe_timestamp(column) %}
    {{- return(adapter.dispatch('safe_timestamp', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__safe_timestamp(column) -%}
    try_cast({{ column }} as timestamp)
{%- endmacro %}

{% macro duckdb__safe_timestamp(column) -%}
    {#- Three branches because a cast to timestamp drops an offset in silence, and reads 'epoch'
        and 'infinity' as times; the first is the common and the cheap one. -#}
    {%- set text = 'trim(cast(' ~ column ~ ' as varchar))' -%}
    case
        when {{ text }} like '____-__-__%Z' then try_cast({{ text }} as timestamp)
        when regexp_matches({{ text }}, '^\d{4}-\d\d-\d\d[T ]\d.*[+-]\d\d(:?\d\d)?$')
            then make_timestamp(epoch_us(try_cast({{ text }} as timestamptz)))
        when regexp_matches({{ text }}, '^\d{4}-\d\d-\d\d([T ][\d:. ]*(UTC)?)?$')
            then try_cast({{ text }} as timestamp)
    end
{%- endmacro %}

{% macro postgres__safe_timestamp(column) -%}
    {#- No try_cast here: the pattern lets only days of the calendar through, leap years too.
        What is finer than a microsecond is cut off, where a cast would round. -#}
    {%- set text = 'trim(cast(' ~ column ~ ' as text))' -%}
    {%- set leap_year = '(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)' -%}
    {%- set month_day = [
        '\d{4}-(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])',
        '\d{4}-(0[469]|11)-(0[1-9]|[12]\d|30)',
        '\d{4}-02-(0[1-9]|1\d|2[0-8])',
        leap_year ~ '-02-29',
    ] -%}
    {%- set clock = '(T| +)(([01]?\d|2[0-3]):[0-5]?\d(:[0-5]?\d([.]\d*)?)?|24:00(:00([.]0*)?)?)' -%}
    {%- set offset = '( *(Z|UTC)|[+-](0\d|1[0-5])(:?[0-5]\d)?)' -%}
    case
        when {{ text }} ~ '^(?!0000)({{ month_day | join("|") }})({{ clock }}{{ offset }}?)?$'
            then cast(
                regexp_replace({{ text }}, '([.]\d{6})\d+', '\1')
                || case when {{ text }} ~ '{{ clock }}{{ offset }}$' then '' else ' UTC' end
                as timestamptz
            ) at time zone 'UTC'
    end
{%- endmacro %}
