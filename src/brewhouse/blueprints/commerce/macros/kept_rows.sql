{% macro kept_rows(table) -%}
    {#- The rows of a raw table that are not in its quarantine. -#}
    select raw_rows.*
    from {{ source('raw', table) }} as raw_rows
    left join {{ ref('quarantine_' ~ table) }} as rejected_rows
        on
            raw_rows._source_file = rejected_rows._source_file
            and raw_rows._source_row = rejected_rows._source_row
    where rejected_rows._source_file is null
{%- endmacro %}


{% macro kept_sales() -%}
    {#- The raw orders that are sales, for tests that compute anew what the models have. -#}
    select
        {{ brewhouse_utils.clean_id('order_id') }} as order_id,
        customer_id,
        order_date,
        {{ net_amount('kept_orders') }} as revenue
    from ({{ kept_rows('orders') }}) as kept_orders
    where
        {{ brewhouse_utils.clean_text('order_status') }}
        in ({{ brewhouse_utils.sql_list(var('revenue_order_statuses')) }})
        and order_date <= {{ brewhouse_utils.as_of() }}
{%- endmacro %}
