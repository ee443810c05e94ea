with

raw_charges as (
    select * from {{ source('stripe', 'stripe_charges') }}
),

base_stripe__charges as (
    select * from {{ ref('base_stripe__charges') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__charges
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_charges.id,
        raw_charges.object,
        raw_charges.amount,
        raw_charges.amount_captured,
        raw_charges.amount_refunded,
        raw_charges.application,
        raw_charges.application_fee,
        raw_charges.application_fee_amount,
        raw_charges.balance_transaction,
        raw_charges.billing_details,
        raw_charges.calculated_statement_descriptor,
        raw_charges.captured,
        raw_charges.created,
        raw_charges.currency,
        raw_charges.customer,
        raw_charges.description,
        raw_charges.destination,
        raw_charges.dispute,
        raw_charges.disputed,
        raw_charges.failure_code,
        raw_charges.failure_message,
        raw_charges.fraud_details,
        raw_charges.invoice,
        raw_charges.livemode,
        raw_charges.metadata,
        raw_charges.on_behalf_of,
        raw_charges.order_id,
        raw_charges.outcome,
        raw_charges.paid,
        raw_charges.payment_intent,
        raw_charges.payment_method,
        raw_charges.payment_method_details,
        raw_charges.receipt_email,
        raw_charges.receipt_number,
        raw_charges.receipt_url,
        raw_charges.refunded,
        raw_charges.refunds,
        raw_charges.review,
        raw_charges.shipping,
        raw_charges.source,
        raw_charges.source_transfer,
        raw_charges.statement_descriptor,
        raw_charges.statement_descriptor_suffix,
        raw_charges.status,
        raw_charges.transfer_data,
        raw_charges.transfer_group,
        raw_charges.created_at,
        raw_charges._source_file,
        raw_charges._source_row,
        raw_charges._loaded_at,
        raw_charges._dlt_load_id,
        rejections.reason
    from raw_charges
    inner join rejections
        on
            raw_charges._source_file = rejections._source_file
            and raw_charges._source_row = rejections._source_row
)

select * from rejected_rows
