with

rejected_rows as (
    {{ brewhouse_utils.rejected_rows(source('raw', 'order_items'), ref('base_order_items')) }}
)

select * from rejected_rows
