with

raw_items as (
    select * from {{ source('raw', 'order_items') }}
),

known_orders as (
    select order_id from {{ ref('base_orders') }}
    where data_quality_flag = 'valid'
),

known_products as (
    select product_id from {{ ref('base_product_catalog') }}
    where data_quality_flag = 'valid'
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('order_item_id') }} as order_item_id,
        {{ brewhouse_utils.clean_id('order_id') }} as order_id,
        {{ brewhouse_utils.clean_id('product_id') }} as product_id,

        -- text
        {{ brewhouse_utils.clean_id('product_name') }} as product_name,
        {{ brewhouse_utils.clean_text('product_category') }} as product_category,

        -- numerics
        quantity,
        unit_price,
        line_total,

        -- times
        received_at,
        {{ brewhouse_utils.raw_keys() }}
    from raw_items
),

judged as (
    select
        parsed.*,
        case
            when parsed.order_item_id is null then 'missing_id'
            when parsed.order_id is null or parsed.product_id is null then 'missing_parent'
            when coalesce(parsed.quantity, 0) <= 0 or coalesce(parsed.line_total, -1) < 0
                then 'invalid_value'
            when known_orders.order_id is null or known_products.product_id is null
                then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_orders on parsed.order_id = known_orders.order_id
    left join known_products on parsed.product_id = known_products.product_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'order_item_id', ['received_at nulls last', '_loaded_at nulls last']
    ) }}
)

select * from flagged
