{% macro periods(lives, key, first_day, last_day, grain) %}
    {{- return(
        adapter.dispatch('periods', 'brewhouse_utils')(lives, key, first_day, last_day, grain)
    ) -}}
{% endmacro %}

{% macro default__periods(lives, key, first_day, last_day, grain) -%}
    select
        {{ key }},
        cast(series.series_start as date) as period_start
    from {{ lives }}
    cross join lateral generate_series(
        cast(date_trunc('{{ grain }}', {{ first_day }}) as timestamp),
        cast({{ last_day }} as timestamp),
        interval '1 {{ grain }}'
    ) as series (series_start)
{%- endmacro %}

{% macro duckdb__periods(lives, key, first_day, last_day, grain) -%}
    select
        {{ key }},
        cast(unnest(generate_series(
            cast(date_trunc('{{ grain }}', {{ first_day }}) as date),
            cast({{ last_day }} as date),
            interval 1 {{ grain }}
        )) as date) as period_start
    from {{ lives }}
{%- endmacro %}
