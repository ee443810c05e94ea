{% macro windows() -%}
    {#- The first moments of the windows that end with as_of: 24 hours to the second, 7 and 30 days with the day of
        as_of as the last, so that they hold the same events as the sums of days. -#}
    {%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
    {{- return({
        '24h': brewhouse_utils.shift(brewhouse_utils.as_of(), -24, 'hours'),
        '7d': 'cast(' ~ today ~ ' - 6 as timestamp)',
        '30d': 'cast(' ~ today ~ ' - 29 as timestamp)',
    }) -}}
{%- endmacro %}


{% macro clipped_seconds(began_at, ended_at, window_start, since) -%}
    {#- Of a stretch that may last still, what lies between a moment and as_of: a difference of whole seconds since a
        fixed moment, so that the parts of neighbouring windows add up. -#}
    {%- set last = 'coalesce(' ~ ended_at ~ ', ' ~ brewhouse_utils.as_of() ~ ')' -%}
    {%- set first = 'greatest(' ~ began_at ~ ', ' ~ window_start ~ ')' -%}
    greatest(
        {{ brewhouse_utils.seconds_between(since, last) }}
        - {{ brewhouse_utils.seconds_between(since, first) }},
        0
    )
{%- endmacro %}


{% macro epoch() -%}
    cast('2000-01-01 00:00:00' as timestamp)
{%- endmacro %}


{% macro epoch_seconds(moment) -%}
    {{ brewhouse_utils.seconds_between(epoch(), moment) }}
{%- endmacro %}
