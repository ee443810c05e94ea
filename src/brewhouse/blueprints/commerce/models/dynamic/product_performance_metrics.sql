{{ config(
    materialized='dynamic_table',
    schema='dynamic_tables',
    target_lag='1 minute',
    snowflake_warehouse=var('snowflake_warehouse', 'compute_wh'),
    refresh_mode='AUTO',
    initialize='ON_CREATE',
    on_configuration_change='apply',
) }}

with

fact_order_items as (
    select * from {{ ref('fact_order_items') }}
),

product_performance_metrics as (
    select
        -- the product
        product_category,
        product_id,

        -- orders
        count(distinct order_id) as orders_count,
        count(*) as items_sold,
        cast(sum(quantity) as bigint) as total_quantity_sold,
        {{ brewhouse_utils.ratio('sum(quantity)', 'count(distinct order_id)', 2) }}
            as avg_quantity_per_order,

        -- money
        cast(sum(line_total) as decimal(18, 2)) as total_revenue,
        {{ brewhouse_utils.ratio('sum(line_total)', 'count(line_total)', 2) }} as avg_line_total,
        {{ brewhouse_utils.ratio('sum(unit_price)', 'count(unit_price)', 2) }} as avg_unit_price,
        cast(min(unit_price) as decimal(18, 2)) as min_unit_price,
        cast(max(unit_price) as decimal(18, 2)) as max_unit_price,

        -- sizes
        count(case when quantity_tier = 'single' then 1 end) as single_item_orders,
        count(case when quantity_tier = 'few' then 1 end) as few_item_orders,
        count(case when quantity_tier = 'bulk' then 1 end) as bulk_orders
    from fact_order_items
    group by product_category, product_id
)

select * from product_performance_metrics
