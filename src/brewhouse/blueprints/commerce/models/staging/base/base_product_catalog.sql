with

raw_products as (
    select * from {{ source('raw', 'product_catalog') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('product_id') }} as product_id,
        {{ brewhouse_utils.clean_id('supplier_id') }} as supplier_id,

        -- text
        {{ brewhouse_utils.clean_id('product_name') }} as product_name,
        {{ brewhouse_utils.clean_text('product_category') }} as product_category,
        {{ brewhouse_utils.clean_id('product_subcategory') }} as product_subcategory,
        {{ brewhouse_utils.clean_id('brand') }} as brand,
        {{ brewhouse_utils.clean_id('description') }} as description,
        {{ brewhouse_utils.clean_id('features') }} as features,

        -- numerics
        price,
        cost,
        stock_quantity,
        reorder_level,

        -- times
        created_date,
        updated_at,
        {{ brewhouse_utils.raw_keys() }}
    from raw_products
),

judged as (
    select
        parsed.*,
        {{ brewhouse_utils.verdict(
            'parsed', 'product_id', invalid='coalesce(parsed.price, 0) <= 0'
        ) }} as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'product_id',
        ['updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
