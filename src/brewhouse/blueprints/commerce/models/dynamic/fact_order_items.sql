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

items_of_orders as (
    select
        enriched_order_items.*,
        enriched_orders.customer_id,
        enriched_orders.order_status,
        enriched_orders.order_date,
        enriched_orders.order_date_only,
        count(*) over (partition by enriched_order_items.order_id) as items_per_order,
        cast(
            sum(enriched_order_items.line_total) over (partition by enriched_order_items.order_id)
            as decimal(18, 2)
        ) as order_items_total
    from enriched_order_items
    inner join enriched_orders on enriched_order_items.order_id = enriched_orders.order_id
)

select * from items_of_orders
