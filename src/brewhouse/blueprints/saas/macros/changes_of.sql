{% macro changes_of(columns, rows, changed_on, changes) -%}
    {#- Rows that change some of the columns on a day, and none of the others. -#}
    select
        account_id,
        cast({{ changed_on }} as date) as changed_on,
        {%- for column in columns %}
        cast({{ changes.get(column, 0) }} as integer) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ rows }}
{%- endmacro %}


{% macro sums_of(columns) -%}
    {%- for column in columns %}
        cast(sum({{ column }}) as integer) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
