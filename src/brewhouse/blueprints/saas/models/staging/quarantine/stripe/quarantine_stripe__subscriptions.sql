with

raw_subscriptions as (
    select * from {{ source('stripe', 'stripe_subscriptions') }}
),

base_stripe__subscriptions as (
    select * from {{ ref('base_stripe__subscriptions') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_stripe__subscriptions
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_subscriptions.id,
        raw_subscriptions.object,
        raw_subscriptions.application_fee_percent,
        raw_subscriptions.billing_cycle_anchor,
        raw_subscriptions.cancel_at,
        raw_subscriptions.cancel_at_period_end,
        raw_subscriptions.canceled_at,
        raw_subscriptions.created,
        raw_subscriptions.current_period_end,
        raw_subscriptions.current_period_start,
        raw_subscriptions.customer,
        raw_subscriptions.days_until_due,
        raw_subscriptions.default_payment_method,
        raw_subscriptions.default_source,
        raw_subscriptions.discount,
        raw_subscriptions.ended_at,
        raw_subscriptions.items,
        raw_subscriptions.latest_invoice,
        raw_subscriptions.livemode,
        raw_subscriptions.metadata,
        raw_subscriptions.next_pending_invoice_item_invoice,
        raw_subscriptions.pending_invoice_item_interval,
        raw_subscriptions.pending_setup_intent,
        raw_subscriptions.pending_update,
        raw_subscriptions.schedule,
        raw_subscriptions.start_date,
        raw_subscriptions.status,
        raw_subscriptions.trial_end,
        raw_subscriptions.trial_start,
        raw_subscriptions.created_at,
        raw_subscriptions._source_file,
        raw_subscriptions._source_row,
        raw_subscriptions._loaded_at,
        raw_subscriptions._dlt_load_id,
        rejections.reason
    from raw_subscriptions
    inner join rejections
        on
            raw_subscriptions._source_file = rejections._source_file
            and raw_subscriptions._source_row = rejections._source_row
)

select * from rejected_rows
