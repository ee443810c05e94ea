{% macro hours(lives, columns, first_moment, last_moment) %}
    {{- return(
        adapter.dispatch('hours', 'brewhouse_utils')(lives, columns, first_moment, last_moment)
    ) -}}
{% endmacro %}

{% macro default__hours(lives, columns, first_moment, last_moment) -%}
    {#- Hours that a stretch touches; one that ends on the hour touches it with nothing. -#}
    select
        {%- for column in columns %}
        {{ lives }}.{{ column }},
        {%- endfor %}
        series.hour_start
    from {{ lives }}
    cross join lateral generate_series(
        date_trunc('hour', {{ lives }}.{{ first_moment }}),
        {{ lives }}.{{ last_moment }},
        interval '1 hour'
    ) as series (hour_start)
{%- endmacro %}

{% macro duckdb__hours(lives, columns, first_moment, last_moment) -%}
    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        unnest(generate_series(
            date_trunc('hour', {{ first_moment }}), {{ last_moment }}, interval 1 hour
        )) as hour_start
    from {{ lives }}
{%- endmacro %}
