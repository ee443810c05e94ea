with

rejected_rows as (
    {{ brewhouse_utils.rejected_rows(
        source('raw', 'product_catalog'), ref('base_product_catalog')
    ) }}
)

select * from rejected_rows
