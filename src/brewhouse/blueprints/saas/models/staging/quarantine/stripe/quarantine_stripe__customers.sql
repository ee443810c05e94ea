with

raw_customers as (
    select * from {{ source('stripe', 'stripe_customers') }}
),

base_stripe__customers as (
    select * from {{ ref('base_stripe__customers') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__customers
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_customers.id,
        raw_customers.email,
        raw_customers.name,
        raw_customers.description,
        raw_customers.phone,
        raw_customers.address,
        raw_customers.created,
        raw_customers.currency,
        raw_customers.delinquent,
        raw_customers.invoice_prefix,
        raw_customers.livemode,
        raw_customers.metadata,
        raw_customers.shipping,
        raw_customers.tax_exempt,
        raw_customers.created_at,
        raw_customers._source_file,
        raw_customers._source_row,
        raw_customers._loaded_at,
        raw_customers._dlt_load_id,
        rejections.reason
    from raw_customers
    inner join rejections
        on
            raw_customers._source_file = rejections._source_file
            and raw_customers._source_row = rejections._source_row
)

select * from rejected_rows
