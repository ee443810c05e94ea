{% macro net_amount(orders) -%}
    {#- The one definition of what an order brings: goods less discount, without shipping. An order without a discount
        has none. -#}
    cast(
        round({{ orders }}.total_amount * (100 - coalesce({{ orders }}.discount_percent, 0)) * 0.01, 2)
        as decimal(18, 2)
    )
{%- endmacro %}
