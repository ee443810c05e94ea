{% macro date_spine(bounds, first_day, last_day) %}
    {{- return(adapter.dispatch('date_spine', 'brewhouse_utils')(bounds, first_day, last_day)) -}}
{% endmacro %}

{% macro default__date_spine(bounds, first_day, last_day) -%}
    {#- Five digits count 100,000 days, which is 273 years. -#}
    select cast({{ first_day }} + days.n as date) as date_day
    from {{ bounds }}
    inner join ({{ brewhouse_utils.numbers(5) }}) as days
        on {{ brewhouse_utils.date_diff_days(first_day, last_day) }} >= days.n
{%- endmacro %}

{% macro postgres__date_spine(bounds, first_day, last_day) -%}
    select cast(series.series_day as date) as date_day
    from {{ bounds }}
    cross join lateral generate_series(
        cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1 day'
    ) as series (series_day)
{%- endmacro %}

{% macro duckdb__date_spine(bounds, first_day, last_day) -%}
    select cast(
        unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date
    ) as date_day
    from {{ bounds }}
{%- endmacro %}


{% macro numbers(digits) %}
    {{- return(adapter.dispatch('numbers', 'brewhouse_utils')(digits)) -}}
{% endmacro %}

{% macro default__numbers(digits) -%}
    select
        {% for place in range(digits) -%}
            {{ '+ ' if not loop.first }}digit_{{ place }}.n * {{ 10 ** place }}
        {% endfor -%}
        as n
    from
        {% for place in range(digits) -%}
            {{ 'cross join ' if not loop.first -}}
            (
                {%- for digit in range(10) -%}
                    {{ ' union all ' if not loop.first }}select {{ digit }} as n
                {%- endfor -%}
            ) as digit_{{ place }}
        {% endfor %}
{%- endmacro %}
