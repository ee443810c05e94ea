{{ config(
    materialized='dynamic_table',
    schema='dynamic_tables',
    target_lag='DOWNSTREAM',
    snowflake_warehouse=var('snowflake_warehouse', 'compute_wh'),
    refresh_mode='AUTO',
    initialize='ON_CREATE',
    on_configuration_change='apply',
    meta={'key': 'order_item_id'},
) }}

with

raw_order_items as (
    select
        order_item_id,
        order_id,
        product_id,
        product_name,
        product_category,
        quantity,
        unit_price,
        line_total
    from {{ source('raw', 'order_items') }}
    where order_item_id is not null
),

numbered_copies as (
    select
        raw_order_items.*,
        row_number() over (
            partition by order_item_id
            order by
                order_id,
                product_id,
                product_name,
                product_category,
                quantity,
                unit_price,
                line_total
        ) as copy_number
    from raw_order_items
),

enriched_order_items as (
    select
        -- ids
        order_item_id,
        order_id,
        product_id,

        -- text
        product_name,
        lower(trim(product_category)) as product_category,
        case
            when quantity is null then 'unknown'
            when quantity <= 1 then 'single'
            when quantity <= 3 then 'few'
            else 'bulk'
        end as quantity_tier,

        -- numerics
        quantity,
        unit_price,
        line_total,
        {{ brewhouse_utils.ratio('line_total', 'quantity', 2) }} as actual_unit_price,
        cast(
            {{ brewhouse_utils.ratio('line_total', 'quantity', 2) }} - unit_price as decimal(18, 2)
        ) as unit_price_variance
    from numbered_copies
    where copy_number = 1
)

select * from enriched_order_items
