with

rejected_rows as (
    {{ brewhouse_utils.rejected_rows(source('raw', 'orders'), ref('base_orders')) }}
)

select * from rejected_rows
