{% macro own_columns(relation, columns) -%}
    {#- Columns of one of several joined relations, each under its own name. -#}
    {%- for column in columns %}
    {{ relation }}.{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro estimated_revenue(volume_ml) -%}
    {#- Of the venue, US dollars: an assumption, see usd_per_litre. -#}
    {{ brewhouse_utils.ratio('(' ~ volume_ml ~ ' * ' ~ var('usd_per_litre') ~ ')', 1000, 2) }}
{%- endmacro %}


{% macro or_zero(expression, column) -%}
    {#- Where nothing was counted there is none; cast, because a default of 0 costs a decimal its precision on
        PostgreSQL. -#}
    cast(coalesce({{ expression }}, 0) as {{ tap_event_type(column) }})
{%- endmacro %}


{% macro columns_or_zero(relation, columns) -%}
    {%- for column in columns %}
    {{ or_zero(relation ~ '.' ~ column, column) }} as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{% macro typed_sums_of(columns) -%}
    {#- Sums of a group, each with the type of its column. -#}
    {%- for column in columns %}
    cast(coalesce(sum({{ column }}), 0) as {{ tap_event_type(column) }}) as {{ column }}
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
