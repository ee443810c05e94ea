with

raw_invoices as (
    select * from {{ source('stripe', 'stripe_invoices') }}
),

base_stripe__invoices as (
    select * from {{ ref('base_stripe__invoices') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__invoices
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_invoices.id,
        raw_invoices.object,
        raw_invoices.account_country,
        raw_invoices.account_name,
        raw_invoices.account_tax_ids,
        raw_invoices.amount_due,
        raw_invoices.amount_paid,
        raw_invoices.amount_remaining,
        raw_invoices.application_fee_amount,
        raw_invoices.attempt_count,
        raw_invoices.attempted,
        raw_invoices.auto_advance,
        raw_invoices.billing_reason,
        raw_invoices.charge,
        raw_invoices.collection_method,
        raw_invoices.created,
        raw_invoices.currency,
        raw_invoices.custom_fields,
        raw_invoices.customer,
        raw_invoices.customer_address,
        raw_invoices.customer_email,
        raw_invoices.customer_name,
        raw_invoices.customer_phone,
        raw_invoices.customer_shipping,
        raw_invoices.customer_tax_exempt,
        raw_invoices.customer_tax_ids,
        raw_invoices.default_payment_method,
        raw_invoices.default_source,
        raw_invoices.default_tax_rates,
        raw_invoices.description,
        raw_invoices.discount,
        raw_invoices.discounts,
        raw_invoices.due_date,
        raw_invoices.ending_balance,
        raw_invoices.footer,
        raw_invoices.hosted_invoice_url,
        raw_invoices.invoice_pdf,
        raw_invoices.last_finalization_error,
        raw_invoices.lines,
        raw_invoices.livemode,
        raw_invoices.metadata,
        raw_invoices.next_payment_attempt,
        raw_invoices.number,
        raw_invoices.on_behalf_of,
        raw_invoices.paid,
        raw_invoices.payment_intent,
        raw_invoices.payment_settings,
        raw_invoices.period_end,
        raw_invoices.period_start,
        raw_invoices.post_payment_credit_notes_amount,
        raw_invoices.pre_payment_credit_notes_amount,
        raw_invoices.receipt_number,
        raw_invoices.starting_balance,
        raw_invoices.statement_descriptor,
        raw_invoices.status,
        raw_invoices.status_transitions,
        raw_invoices.subscription,
        raw_invoices.subtotal,
        raw_invoices.tax,
        raw_invoices.total,
        raw_invoices.total_tax_amounts,
        raw_invoices.transfer_data,
        raw_invoices.webhooks_delivered_at,
        raw_invoices.created_at,
        raw_invoices._source_file,
        raw_invoices._source_row,
        raw_invoices._loaded_at,
        raw_invoices._dlt_load_id,
        rejections.reason
    from raw_invoices
    inner join rejections
        on
            raw_invoices._source_file = rejections._source_file
            and raw_invoices._source_row = rejections._source_row
)

select * from rejected_rows
