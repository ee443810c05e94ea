{% macro forever() -%}
    {#- Stands for an end that is not known yet, in comparisons only: no table shows it. -#}
    cast('9999-12-31 00:00:00' as timestamp)
{%- endmacro %}
