with

rejected_rows as (
    {{ brewhouse_utils.rejected_rows(
        source('raw', 'support_tickets'), ref('base_support_tickets')
    ) }}
)

select * from rejected_rows
