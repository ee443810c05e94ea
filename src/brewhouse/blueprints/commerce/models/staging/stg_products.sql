with

base_product_catalog as (
    select * from {{ ref('base_product_catalog') }}
),

stocked_products as (
    select
        *,
        {{ brewhouse_utils.banded(
            'stock_quantity',
            {
                'adequate': var('stock_floors').adequate ~ ' * reorder_level',
                'medium': var('stock_floors').medium ~ ' * reorder_level',
            },
            'low'
        ) }} as stock_status
    from base_product_catalog
    where data_quality_flag = 'valid'
),

valid_products as (
    select
        -- ids
        product_id,
        supplier_id,

        -- text
        product_name,
        product_category as category,
        product_subcategory as subcategory,
        brand,
        description,
        features,

        -- numerics
        price,
        cost,
        cast(price - cost as decimal(18, 2)) as margin,
        {{ brewhouse_utils.ratio(
            '10000 * (price - cost)', 'cast(100 * price as bigint)', 2
        ) }} as margin_percent,
        stock_quantity,
        reorder_level,
        stock_status,

        -- times
        created_date,
        updated_at as last_updated,

        -- beyond the published columns
        _source_file,
        _source_row
    from stocked_products
)

select * from valid_products
