with

base_stripe__payment_intents as (
    select * from {{ ref('base_stripe__payment_intents') }}
),

categorised as (
    select
        -- ids
        stripe_payment_intent_id,
        {{ brewhouse_utils.surrogate_key('stripe_payment_intent_id') }}
            as stripe_payment_intent_key,
        stripe_customer_id,
        stripe_invoice_id,
        stripe_payment_method_id,

        -- amounts
        payment_amount_usd,
        capturable_amount_usd,
        received_amount_usd,
        currency,

        -- text
        description,
        status,
        capture_method,
        confirmation_method,
        setup_future_usage,
        canceled_at,
        cancellation_reason,
        payment_method_types,
        error_code,
        error_message,
        error_type,
        primary_charge_id,
        charge_count,
        payment_intent_created_at,

        -- classes
        {{ brewhouse_utils.mapped('status', var('stripe_payment_groups'), 'other') }}
            as status_category,
        case
            when status = 'succeeded' then 'completed'
            when status = 'canceled' then 'canceled'
            when status in ('processing', 'requires_capture') then 'processing'
            when charge_count > 0 or error_code is not null then 'attempted'
            else 'new'
        end as payment_stage,
        case
            when status = 'canceled' then 'lost'
            when status = 'succeeded' and charge_count > 1 then 'recovered'
            when status = 'succeeded' then 'normal'
            when charge_count > 1 or error_code is not null then 'at_risk'
            else 'normal'
        end as risk_status,
        {{ brewhouse_utils.banded('payment_amount_usd', var('stripe_amount_floors_usd')) }}
            as payment_size_category,

        -- the rest
        livemode,
        account_id,
        data_quality_flag,
        metadata,
        next_action,
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,

        -- beyond the published columns
        synced_at,
        _source_file,
        _source_row
    from base_stripe__payment_intents
    where data_quality_flag = 'valid'
)

select * from categorised
