with

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

sales as (
    select
        order_id,
        customer_id,
        order_date,
        order_date_only,
        order_month,
        item_count,
        total_quantity,
        net_amount as revenue
    from stg_orders
    where is_sale and order_date <= {{ brewhouse_utils.as_of() }}
)

select * from sales
