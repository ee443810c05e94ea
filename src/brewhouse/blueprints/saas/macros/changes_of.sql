{% macro changes_of(columns, rows, moment, changes, name='changed_on', type='date') -%}
    {#- Rows that change some of the columns at a moment, and none of the others. -#}
    select
        account_id,
        {%- for column in columns %}
        cast({{ changes.get(column, 0) }} as integer) as {{ column }},
        {%- endfor %}
        cast({{ moment }} as {{ type }}) as {{ name }}
    from {{ rows }}
{%- endmacro %}


{% macro running_sums_of(columns, moment) -%}
    {#- Of changes that are grouped by account and moment, what they add up to by then. -#}
    {%- for column in columns %}
        cast(sum(sum({{ column }})) over (
            partition by account_id order by {{ moment }}
        ) as integer) as {{ column }},
    {%- endfor %}
{%- endmacro %}


{% macro sums_of(columns) -%}
    {%- for column in columns %}
        cast(sum({{ column }}) as integer) as {{ column }},
    {%- endfor %}
{%- endmacro %}
