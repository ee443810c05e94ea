{% macro stretched(stretches, columns, first_day, last_day, grain) %}
    {{- return(
        adapter.dispatch('stretched', 'brewhouse_utils')(
            stretches, columns, first_day, last_day, grain
        )
    ) -}}
{% endmacro %}

{% macro default__stretched(stretches, columns, first_day, last_day, grain) -%}
    {#- Like periods, with what holds in all periods of a stretch beside each of them. -#}
    select
        {%- for column in columns %}
        {{ stretches }}.{{ column }},
        {%- endfor %}
        cast(series.period_start as date) as period_start
    from {{ stretches }}
    cross join lateral generate_series(
        cast(date_trunc('{{ grain }}', {{ stretches }}.{{ first_day }}) as timestamp),
        cast({{ stretches }}.{{ last_day }} as timestamp),
        interval '1 {{ grain }}'
    ) as series (period_start)
{%- endmacro %}

{% macro duckdb__stretched(stretches, columns, first_day, last_day, grain) -%}
    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        cast(unnest(generate_series(
            cast(date_trunc('{{ grain }}', {{ first_day }}) as date),
            cast({{ last_day }} as date),
            interval 1 {{ grain }}
        )) as date) as period_start
    from {{ stretches }}
{%- endmacro %}
