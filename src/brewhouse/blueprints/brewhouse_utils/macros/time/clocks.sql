{% macro hour_of_day(moment) %}
    {{- return(adapter.dispatch('hour_of_day', 'brewhouse_utils')(moment)) -}}
{% endmacro %}

{% macro default__hour_of_day(moment) -%}
    cast(extract(hour from {{ moment }}) as bigint)
{%- endmacro %}


{% macro week_start(moment) %}
    {{- return(adapter.dispatch('week_start', 'brewhouse_utils')(moment)) -}}
{% endmacro %}

{% macro default__week_start(moment) -%}
    cast(date_trunc('week', {{ moment }}) as date)
{%- endmacro %}


{% macro months_between(first_moment, last_moment) %}
    {{- return(
        adapter.dispatch('months_between', 'brewhouse_utils')(first_moment, last_moment)
    ) -}}
{% endmacro %}

{% macro default__months_between(first_moment, last_moment) -%}
    cast(
        (extract(year from {{ last_moment }}) - extract(year from {{ first_moment }})) * 12
        + extract(month from {{ last_moment }}) - extract(month from {{ first_moment }})
        - case
            when extract(day from {{ last_moment }}) < extract(day from {{ first_moment }}) then 1
            else 0
        end as bigint
    )
{%- endmacro %}


{% macro known_timezone(column) %}
    {{- return(adapter.dispatch('known_timezone', 'brewhouse_utils')(column)) -}}
{% endmacro %}

{% macro default__known_timezone(column) -%}
    case when {{ column }} in (select name from pg_timezone_names) then {{ column }} end
{%- endmacro %}

{% macro duckdb__known_timezone(column) -%}
    case when {{ column }} in (select name from pg_timezone_names()) then {{ column }} end
{%- endmacro %}


{% macro local_time(moment, timezone) %}
    {{- return(adapter.dispatch('local_time', 'brewhouse_utils')(moment, timezone)) -}}
{% endmacro %}

{% macro default__local_time(moment, timezone) -%}
    timezone({{ timezone }}, timezone('UTC', {{ moment }}))
{%- endmacro %}
