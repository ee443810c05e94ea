with

base_stripe__charges as (
    select * from {{ ref('base_stripe__charges') }}
),

valid_charges as (
    select
        -- ids
        stripe_charge_id,
        {{ brewhouse_utils.surrogate_key('stripe_charge_id') }} as stripe_charge_key,
        stripe_customer_id,
        stripe_invoice_id,
        stripe_payment_intent_id,

        -- numerics
        charge_amount_usd,
        refunded_amount_usd,

        -- text
        currency,
        description,
        status,

        -- booleans
        paid,
        captured,
        refunded,
        disputed,

        -- how it was paid
        payment_method,
        payment_method_type,
        card_brand,
        card_last4,
        card_network,
        card_exp_month,
        card_exp_year,

        -- what came of it
        network_status,
        outcome_reason,
        risk_level,
        risk_score,
        failure_code,
        failure_message,

        -- where the bill goes
        billing_country,
        billing_city,
        billing_state,
        billing_postal_code,

        -- the rest
        stripe_charge_created_at,
        account_id,
        stripe_balance_transaction_id,
        receipt_url,
        livemode,
        data_quality_flag,
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,

        -- beyond the published columns
        cast(charge_amount_usd - refunded_amount_usd as decimal(18, 2)) as net_amount_usd,
        synced_at,
        _source_file,
        _source_row
    from base_stripe__charges
    where data_quality_flag = 'valid'
)

select * from valid_charges
