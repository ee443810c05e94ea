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

fact_orders as (
    select * from {{ ref('fact_orders') }}
),

daily_business_metrics as (
    select
        -- the day
        order_date_only,
        order_year,
        order_quarter,
        order_month,
        order_week,
        order_day_name,

        -- orders
        count(*) as total_orders,
        count(distinct customer_id) as unique_customers,
        cast(sum(items_per_order) as bigint) as total_items,
        {{ brewhouse_utils.ratio('sum(items_per_order)', 'count(*)', 2) }} as avg_items_per_order,

        -- money
        cast(sum(total_amount) as decimal(18, 2)) as total_revenue,
        cast(sum(net_amount) as decimal(18, 2)) as total_net_revenue,
        cast(sum(discount_amount) as decimal(18, 2)) as total_discounts,
        cast(sum(shipping_cost) as decimal(18, 2)) as total_shipping,
        cast(sum(final_amount) as decimal(18, 2)) as total_final_revenue,
        {{ brewhouse_utils.ratio('sum(total_amount)', 'count(total_amount)', 2) }}
            as avg_order_value,

        -- discounts
        count(case when has_discount then 1 end) as orders_with_discount,
        {{ brewhouse_utils.ratio(
            '100 * count(case when has_discount then 1 end)', 'count(*)', 2
        ) }} as discount_penetration_pct,
        {{ brewhouse_utils.ratio('sum(discount_percent)', 'count(discount_percent)', 2) }}
            as avg_discount_percent,

        -- sizes
        count(case when order_size_category = 'small' then 1 end) as small_orders,
        count(case when order_size_category = 'medium' then 1 end) as medium_orders,
        count(case when order_size_category = 'large' then 1 end) as large_orders,
        count(case when order_size_category = 'extra_large' then 1 end) as extra_large_orders
    from fact_orders
    group by
        order_date_only, order_year, order_quarter, order_month, order_week, order_day_name
)

select * from daily_business_metrics
