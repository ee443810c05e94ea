with

rejected_rows as (
    {{ brewhouse_utils.rejected_rows(source('raw', 'customers'), ref('base_customers')) }}
)

select * from rejected_rows
