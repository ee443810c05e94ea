with

raw_prices as (
    select * from {{ source('stripe', 'stripe_prices') }}
),

base_stripe__prices as (
    select * from {{ ref('base_stripe__prices') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__prices
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_prices.id,
        raw_prices.object,
        raw_prices.active,
        raw_prices.currency,
        raw_prices.unit_amount,
        raw_prices.type,
        raw_prices.recurring_interval,
        raw_prices.recurring_interval_count,
        raw_prices.nickname,
        raw_prices.created,
        raw_prices.created_at,
        raw_prices.product,
        raw_prices._source_file,
        raw_prices._source_row,
        raw_prices._loaded_at,
        raw_prices._dlt_load_id,
        rejections.reason
    from raw_prices
    inner join rejections
        on
            raw_prices._source_file = rejections._source_file
            and raw_prices._source_row = rejections._source_row
)

select * from rejected_rows
