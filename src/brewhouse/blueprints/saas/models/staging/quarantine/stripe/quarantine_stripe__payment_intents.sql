with

raw_payment_intents as (
    select * from {{ source('stripe', 'stripe_payment_intents') }}
),

base_stripe__payment_intents as (
    select * from {{ ref('base_stripe__payment_intents') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__payment_intents
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_payment_intents.id,
        raw_payment_intents.object,
        raw_payment_intents.amount,
        raw_payment_intents.amount_capturable,
        raw_payment_intents.amount_received,
        raw_payment_intents.application,
        raw_payment_intents.application_fee_amount,
        raw_payment_intents.canceled_at,
        raw_payment_intents.cancellation_reason,
        raw_payment_intents.capture_method,
        raw_payment_intents.charges,
        raw_payment_intents.client_secret,
        raw_payment_intents.confirmation_method,
        raw_payment_intents.created,
        raw_payment_intents.currency,
        raw_payment_intents.customer,
        raw_payment_intents.description,
        raw_payment_intents.invoice,
        raw_payment_intents.last_payment_error,
        raw_payment_intents.livemode,
        raw_payment_intents.metadata,
        raw_payment_intents.next_action,
        raw_payment_intents.on_behalf_of,
        raw_payment_intents.payment_method,
        raw_payment_intents.payment_method_options,
        raw_payment_intents.payment_method_types,
        raw_payment_intents.receipt_email,
        raw_payment_intents.review,
        raw_payment_intents.setup_future_usage,
        raw_payment_intents.shipping,
        raw_payment_intents.statement_descriptor,
        raw_payment_intents.statement_descriptor_suffix,
        raw_payment_intents.status,
        raw_payment_intents.transfer_data,
        raw_payment_intents.transfer_group,
        raw_payment_intents.created_at,
        raw_payment_intents._source_file,
        raw_payment_intents._source_row,
        raw_payment_intents._loaded_at,
        raw_payment_intents._dlt_load_id,
        rejections.reason
    from raw_payment_intents
    inner join rejections
        on
            raw_payment_intents._source_file = rejections._source_file
            and raw_payment_intents._source_row = rejections._source_row
)

select * from rejected_rows
