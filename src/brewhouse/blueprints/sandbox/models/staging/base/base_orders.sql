with

raw_orders as (
    select * from {{ source('raw', 'raw_orders') }}
),

base_users as (
    select * from {{ ref('base_users') }}
),

known_users as (
    select user_id from base_users
    where data_quality_flag = 'valid'
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.safe_bigint('order_id') }} as order_id,
        {{ brewhouse_utils.safe_bigint('user_id') }} as user_id,

        -- text
        {{ brewhouse_utils.clean_text('product_category') }} as product_category,
        {{ brewhouse_utils.clean_text('payment_method') }} as payment_method,

        -- numerics
        {{ brewhouse_utils.safe_decimal('amount') }} as order_amount,

        -- times
        {{ brewhouse_utils.safe_timestamp('created_at') }} as created_at,
        {{ brewhouse_utils.safe_timestamp('received_at') }} as received_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_orders
),

judged as (
    select
        parsed.*,
        case
            when parsed.order_id is null then 'missing_id'
            when parsed.user_id is null then 'missing_user_id'
            when parsed.created_at is null then 'missing_created_at'
            when coalesce(parsed.order_amount, 0) < {{ var('min_order_amount') }}
                then 'invalid_amount'
            when known_users.user_id is null then 'unknown_user'
            else 'valid'
        end as verdict
    from parsed
    left join known_users on parsed.user_id = known_users.user_id
),

ranked as (
    select
        *,
        {{ brewhouse_utils.copy_number('order_id', ['received_at nulls last']) }} as copy_number
    from judged
),

flagged as (
    select
        order_id,
        user_id,
        product_category,
        payment_method,
        order_amount,
        created_at,
        received_at,
        received_at > {{ brewhouse_utils.shift(
            'created_at', var('late_after_hours'), 'hours'
        ) }} as is_late,
        {{ brewhouse_utils.quality_flag() }} as data_quality_flag,
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from ranked
)

select * from flagged
