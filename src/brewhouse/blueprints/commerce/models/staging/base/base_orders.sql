with

raw_orders as (
    select * from {{ source('raw', 'orders') }}
),

known_customers as (
    select customer_id from {{ ref('base_customers') }}
    where data_quality_flag = 'valid'
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('order_id') }} as order_id,
        customer_id,

        -- text
        {{ brewhouse_utils.clean_text('order_status') }} as order_status,

        -- numerics
        total_amount,
        discount_percent,
        shipping_cost,

        -- times
        order_date,
        received_at,
        received_at > {{ brewhouse_utils.shift(
            'order_date', var('late_after_hours'), 'hours'
        ) }} as is_late,
        {{ brewhouse_utils.raw_keys() }}
    from raw_orders
),

judged as (
    select
        parsed.*,
        case
            when parsed.order_id is null then 'missing_id'
            when parsed.customer_id is null then 'missing_parent'
            when coalesce(parsed.total_amount, 0) <= 0 or parsed.order_date is null
                then 'invalid_value'
            when parsed.discount_percent < 0 or parsed.discount_percent > 100 then 'invalid_value'
            when parsed.order_date > {{ brewhouse_utils.shift(
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
        'parsed', 'judged', 'order_id', ['received_at nulls last', '_loaded_at nulls last']
    ) }}
)

select * from flagged
