with

raw_tickets as (
    select * from {{ source('raw', 'support_tickets') }}
),

known_customers as (
    select customer_id from {{ ref('base_customers') }}
    where data_quality_flag = 'valid'
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('ticket_id') }} as ticket_id,
        customer_id,

        -- text
        {{ brewhouse_utils.clean_text('category') }} as category,
        {{ brewhouse_utils.clean_text('priority') }} as priority,
        {{ brewhouse_utils.clean_id('subject') }} as subject,
        {{ brewhouse_utils.clean_id('description') }} as description,
        {{ brewhouse_utils.clean_id('resolution') }} as resolution,
        replace({{ brewhouse_utils.clean_text('status') }}, ' ', '_') as status,

        -- times
        ticket_date,
        received_at,
        received_at > {{ brewhouse_utils.shift(
            'ticket_date', var('late_after_hours'), 'hours'
        ) }} as is_late,
        {{ brewhouse_utils.raw_keys() }}
    from raw_tickets
),

judged as (
    select
        parsed.*,
        case
            when parsed.ticket_id is null then 'missing_id'
            when parsed.customer_id is null then 'missing_parent'
            when parsed.ticket_date is null then 'invalid_value'
            when parsed.ticket_date > {{ brewhouse_utils.shift(
                'parsed.received_at', var('clock_skew_minutes'), 'minutes'
            ) }} then 'clock_skew'
            when known_customers.customer_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_customers on parsed.customer_id = known_customers.customer_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'ticket_id', ['received_at nulls last', '_loaded_at nulls last']
    ) }}
)

select * from flagged
