with

raw_orders as (
    select * from {{ source('raw', 'raw_orders') }}
),

base_orders as (
    select * from {{ ref('base_orders') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_orders
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_orders.order_id,
        raw_orders.user_id,
        raw_orders.amount,
        raw_orders.product_category,
        raw_orders.payment_method,
        raw_orders.created_at,
        raw_orders.received_at,
        raw_orders._source_file,
        raw_orders._source_row,
        raw_orders._loaded_at,
        raw_orders._dlt_load_id,
        rejections.reason
    from raw_orders
    inner join rejections
        on
            raw_orders._source_file = rejections._source_file
            and raw_orders._source_row = rejections._source_row
)

select * from rejected_rows
