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

raw_orders as (
    select
        order_id,
        customer_id,
        order_date,
        order_status,
        total_amount,
        discount_percent,
        shipping_cost
    from {{ source('raw', 'orders') }}
    where order_id is not null
),

numbered_copies as (
    select
        raw_orders.*,
        row_number() over (
            partition by order_id
            order by
                order_date,
                order_status,
                customer_id,
                total_amount,
                discount_percent,
                shipping_cost
        ) as copy_number
    from raw_orders
),

orders as (
    select
        numbered_copies.*,
        cast(order_date as date) as order_date_only,
        cast(
            round(total_amount * coalesce(discount_percent, 0) * 0.01, 2) as decimal(18, 2)
        ) as discount_amount
    from numbered_copies
    where copy_number = 1
),

enriched_orders as (
    select
        -- ids
        order_id,
        customer_id,

        -- text
        lower(trim(order_status)) as order_status,
        case
            when discount_percent is null then 'unknown'
            when discount_percent = 0 then 'none'
            when discount_percent <= 10 then 'low'
            when discount_percent <= 20 then 'medium'
            else 'high'
        end as discount_tier,
        case
            when total_amount is null then 'unknown'
            when total_amount < 100 then 'small'
            when total_amount < 500 then 'medium'
            when total_amount < 2000 then 'large'
            else 'extra_large'
        end as order_size_category,

        -- numerics
        total_amount,
        discount_percent,
        shipping_cost,
        discount_amount,
        cast(total_amount - discount_amount as decimal(18, 2)) as net_amount,
        cast(
            total_amount - discount_amount + coalesce(shipping_cost, 0) as decimal(18, 2)
        ) as final_amount,

        -- booleans
        coalesce(discount_percent, 0) > 0 as has_discount,

        -- times
        order_date,
        order_date_only,
        cast(extract(year from order_date_only) as bigint) as order_year,
        cast(extract(quarter from order_date_only) as bigint) as order_quarter,
        cast(extract(month from order_date_only) as bigint) as order_month,
        cast(extract(week from order_date_only) as bigint) as order_week,
        {{ brewhouse_utils.day_of_week('order_date_only') }} as order_day_of_week,
        {{ brewhouse_utils.weekday_name('order_date_only') }} as order_day_name
    from orders
)

select * from enriched_orders
