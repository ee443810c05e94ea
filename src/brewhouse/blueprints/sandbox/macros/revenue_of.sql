{% macro revenue_of(revenue_type) -%}
    cast(
        coalesce(sum(case when revenue_type = '{{ revenue_type }}' then order_amount end), 0)
        as decimal(18, 2)
    )
{%- endmacro %}
