with

base_support_tickets as (
    select * from {{ ref('base_support_tickets') }}
),

valid_tickets as (
    select
        -- ids
        ticket_id,
        customer_id,

        -- text and booleans
        category,
        priority,
        subject,
        description,
        resolution,
        status,
        status in ({{ brewhouse_utils.sql_list(var('resolved_ticket_statuses')) }}) as is_resolved,

        -- times
        ticket_date,
        {{ brewhouse_utils.month_start('ticket_date') }} as ticket_month,
        received_at,
        is_late,
        _source_file,
        _source_row
    from base_support_tickets
    where data_quality_flag = 'valid'
)

select * from valid_tickets
