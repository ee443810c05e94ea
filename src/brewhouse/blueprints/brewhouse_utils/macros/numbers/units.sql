{% macro celsius(fahrenheit) -%}
    {#- Decimals only, so that each engine rounds the same. -#}
    cast(round(({{ fahrenheit }} - 32) * 0.5555555556, 2) as decimal(18, 2))
{%- endmacro %}


{% macro millilitres(ounces) -%}
    cast(round({{ ounces }} * 29.5735, 2) as decimal(18, 2))
{%- endmacro %}
