{% macro date_diff_days(first_moment, last_moment) %}
    {{- return(
        adapter.dispatch('date_diff_days', 'brewhouse_utils')(first_moment, last_moment)
    ) -}}
{% endmacro %}

{% macro default__date_diff_days(first_moment, last_moment) -%}
    cast(cast({{ last_moment }} as date) - cast({{ first_moment }} as date) as bigint)
{%- endmacro %}

{% macro duckdb__date_diff_days(first_moment, last_moment) -%}
    date_diff('day', cast({{ first_moment }} as date), cast({{ last_moment }} as date))
{%- endmacro %}


{% macro minutes_between(first_moment, last_moment) %}
    {{- return(
        adapter.dispatch('minutes_between', 'brewhouse_utils')(first_moment, last_moment)
    ) -}}
{% endmacro %}

{% macro default__minutes_between(first_moment, last_moment) -%}
    {%- set seconds = 'extract(epoch from ' ~ last_moment ~ ' - ' ~ first_moment ~ ')' -%}
    {{ brewhouse_utils.ratio('cast(' ~ seconds ~ ' * 1000 as bigint)', 60000) }}
{%- endmacro %}

{% macro duckdb__minutes_between(first_moment, last_moment) -%}
    {%- set milliseconds = 'epoch_ms(' ~ last_moment ~ ') - epoch_ms(' ~ first_moment ~ ')' -%}
    {{ brewhouse_utils.ratio(milliseconds, 60000) }}
{%- endmacro %}


{% macro shift(moment, amount, unit) %}
    {{- return(adapter.dispatch('shift', 'brewhouse_utils')(moment, amount, unit)) -}}
{% endmacro %}

{% macro default__shift(moment, amount, unit) -%}
    {{ moment }} + interval '{{ amount }} {{ unit }}'
{%- endmacro %}


{% macro day_of_week(moment) %}
    {{- return(adapter.dispatch('day_of_week', 'brewhouse_utils')(moment)) -}}
{% endmacro %}

{% macro default__day_of_week(moment) -%}
    cast(extract(dow from {{ moment }}) as bigint)
{%- endmacro %}


{% macro month_start(moment) %}
    {{- return(adapter.dispatch('month_start', 'brewhouse_utils')(moment)) -}}
{% endmacro %}

{% macro default__month_start(moment) -%}
    cast(date_trunc('month', {{ moment }}) as date)
{%- endmacro %}


{% macro seconds_between(first_moment, last_moment) %}
    {{- return(
        adapter.dispatch('seconds_between', 'brewhouse_utils')(first_moment, last_moment)
    ) -}}
{% endmacro %}

{% macro default__seconds_between(first_moment, last_moment) -%}
    cast(trunc(extract(
        epoch from cast({{ last_moment }} as timestamp) - cast({{ first_moment }} as timestamp)
    )) as bigint)
{%- endmacro %}

{% macro duckdb__seconds_between(first_moment, last_moment) -%}
    date_sub('second', {{ first_moment }}, {{ last_moment }})
{%- endmacro %}


{% macro weekday_name(moment) -%}
    {#- English on each engine, whatever its locale. -#}
    case {{ brewhouse_utils.day_of_week(moment) }}
        {%- for name in ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] %}
        when {{ loop.index0 }} then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}
