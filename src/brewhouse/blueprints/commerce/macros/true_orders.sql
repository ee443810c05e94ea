{% macro surviving_orders() -%}
    {#- The true orders of which the row was not spoiled, for tests of truth. -#}
    select true_orders.*
    from {{ source('truth', 'orders') }} as true_orders
    left join {{ source('truth', 'dirt') }} as spoiled
        on
            true_orders.order_key = spoiled.row_id
            and spoiled.table_name = 'orders'
            and spoiled.kind in ({{ brewhouse_utils.sql_list(var('rejections')) }})
    where spoiled.row_id is null
{%- endmacro %}
