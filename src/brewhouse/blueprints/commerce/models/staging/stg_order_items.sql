with

base_order_items as (
    select * from {{ ref('base_order_items') }}
),

base_product_catalog as (
    select * from {{ ref('base_product_catalog') }}
    where data_quality_flag = 'valid'
),

valid_items as (
    select
        -- ids
        base_order_items.order_item_id,
        base_order_items.order_id,
        base_order_items.product_id,

        -- text
        base_order_items.product_name,
        base_order_items.product_category,

        -- numerics
        base_order_items.quantity,
        base_order_items.unit_price,
        base_order_items.line_total,

        -- beside the catalogue of today
        base_product_catalog.price as catalog_price,
        base_product_catalog.description as product_description,
        base_product_catalog.features as product_features,
        cast(base_order_items.unit_price - base_product_catalog.price as decimal(18, 2))
            as price_difference,
        case
            when base_order_items.unit_price < base_product_catalog.price then 'discounted'
            when base_order_items.unit_price > base_product_catalog.price then 'premium'
            when base_order_items.unit_price = base_product_catalog.price then 'standard'
        end as pricing_type,
        {{ brewhouse_utils.ratio(
            'base_order_items.line_total', 'base_order_items.quantity', 2
        ) }} as calculated_unit_price,

        -- beyond the published columns
        base_order_items.received_at,
        base_order_items._source_file,
        base_order_items._source_row
    from base_order_items
    inner join base_product_catalog
        on base_order_items.product_id = base_product_catalog.product_id
    where base_order_items.data_quality_flag = 'valid'
)

select * from valid_items
