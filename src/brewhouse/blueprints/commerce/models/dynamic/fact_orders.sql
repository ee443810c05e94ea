{{ config(
    materialized='dynamic_table',
    schema='dynamic_tables',
    target_lag='DOWNSTREAM',
    snowflake_warehouse=var('snowflake_warehouse', 'compute_wh'),
    refresh_mode='AUTO',
    initialize='ON_CREATE',
    on_configuration_change='apply',
    meta={'key': 'order_id'},
) }}

with

enriched_orders as (
    select * from {{ ref('enriched_orders') }}
),

enriched_order_items as (
    select * from {{ ref('enriched_order_items') }}
),

order_sums as (
    select
        order_id,
        count(*) as items_per_order,
        cast(sum(quantity) as bigint) as quantity_per_order,
        cast(sum(line_total) as decimal(18, 2)) as order_items_total
    from enriched_order_items
    group by order_id
),

orders_with_sums as (
    select
        enriched_orders.*,
        coalesce(order_sums.items_per_order, 0) as items_per_order,
        coalesce(order_sums.quantity_per_order, 0) as quantity_per_order,
        cast(coalesce(order_sums.order_items_total, 0) as decimal(18, 2)) as order_items_total
    from enriched_orders
    left join order_sums on enriched_orders.order_id = order_sums.order_id
)

select * from orders_with_sums
