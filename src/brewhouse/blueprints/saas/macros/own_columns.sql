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
