{{ config(enabled=var('simulated')) }}

with

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

truth_orders as (
    select * from {{ source('truth', 'orders') }}
),

-- Lines are numbered by order: 32 numbers each.
orders_with_lost_lines as (
    select distinct truth_orders.order_id
    from dirt
    inner join truth_orders on dirt.row_id - mod(dirt.row_id, 32) = truth_orders.order_key * 32
    where
        dirt.table_name = 'order_items'
        and dirt.kind in ({{ brewhouse_utils.sql_list(var('rejections')) }})
),

differences as (
    select
        stg_orders.order_id,
        stg_orders.total_amount,
        stg_orders.calculated_total
    from stg_orders
    left join orders_with_lost_lines on stg_orders.order_id = orders_with_lost_lines.order_id
    where stg_orders.has_all_items = (orders_with_lost_lines.order_id is not null)
)

select * from differences
