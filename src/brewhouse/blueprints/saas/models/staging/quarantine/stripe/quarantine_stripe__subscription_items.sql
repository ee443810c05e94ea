with

raw_subscription_items as (
    select * from {{ source('stripe', 'stripe_subscription_items') }}
),

base_stripe__subscription_items as (
    select * from {{ ref('base_stripe__subscription_items') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__subscription_items
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_subscription_items.id,
        raw_subscription_items.object,
        raw_subscription_items.billing_thresholds,
        raw_subscription_items.created,
        raw_subscription_items.metadata,
        raw_subscription_items.price,
        raw_subscription_items.quantity,
        raw_subscription_items.subscription,
        raw_subscription_items.tax_rates,
        raw_subscription_items.created_at,
        raw_subscription_items._source_file,
        raw_subscription_items._source_row,
        raw_subscription_items._loaded_at,
        raw_subscription_items._dlt_load_id,
        rejections.reason
    from raw_subscription_items
    inner join rejections
        on
            raw_subscription_items._source_file = rejections._source_file
            and raw_subscription_items._source_row = rejections._source_row
)

select * from rejected_rows
