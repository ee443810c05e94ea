with

rejected_rows as (
    {{ brewhouse_utils.rejected_rows(
        source('raw', 'product_reviews'), ref('base_product_reviews')
    ) }}
)

select * from rejected_rows
