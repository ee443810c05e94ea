with

int_sales as (
    select * from {{ ref('int_sales') }}
),

stg_order_items as (
    select * from {{ ref('stg_order_items') }}
),

baskets as (
    select distinct
        stg_order_items.order_id,
        stg_order_items.product_id
    from stg_order_items
    inner join int_sales on stg_order_items.order_id = int_sales.order_id
)

select * from baskets
