{%- set newest = ['created_at desc nulls last', '_loaded_at desc nulls last'] -%}
{%- set outcome = ['network_status', 'reason', 'risk_level', 'risk_score'] -%}
{%- set method = [
    'type', 'card.brand', 'card.last4', 'card.network', 'card.exp_month', 'card.exp_year'
] -%}
{%- set address = ['address.country', 'address.city', 'address.state', 'address.postal_code'] -%}

with

raw_charges as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_charges') }}
),

known_customers as (
    select stripe_customer_id from {{ ref('base_stripe__customers') }}
    where data_quality_flag = 'valid'
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as stripe_charge_id,
        {{ brewhouse_utils.clean_id('customer') }} as stripe_customer_id,
        {{ brewhouse_utils.json_columns('outcome', outcome, 'outcome_') }},
        {{ brewhouse_utils.json_columns('payment_method_details', method, '') }},
        {{ brewhouse_utils.json_columns('billing_details', address, '') }},
        {{ brewhouse_utils.json_columns('metadata', ['account_id'], 'metadata_') }}
    from raw_charges
),

parsed as (
    select
        -- ids
        stripe_charge_id,
        stripe_customer_id,
        {{ brewhouse_utils.clean_id('invoice') }} as stripe_invoice_id,
        {{ brewhouse_utils.clean_id('payment_intent') }} as stripe_payment_intent_id,
        {{ brewhouse_utils.clean_id('balance_transaction') }} as stripe_balance_transaction_id,
        {{ brewhouse_utils.clean_id('payment_method') }} as payment_method,
        {{ brewhouse_utils.clean_id('metadata_account_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_text('currency') }} as currency,
        {{ brewhouse_utils.clean_id('description') }} as description,
        {{ brewhouse_utils.clean_text('status') }} as status,
        {{ brewhouse_utils.clean_text('type') }} as payment_method_type,
        {{ brewhouse_utils.clean_text('card_brand') }} as card_brand,
        {{ brewhouse_utils.clean_id('card_last4') }} as card_last4,
        {{ brewhouse_utils.clean_text('card_network') }} as card_network,
        {{ brewhouse_utils.clean_text('outcome_network_status') }} as network_status,
        {{ brewhouse_utils.clean_text('outcome_reason') }} as outcome_reason,
        {{ brewhouse_utils.clean_text('outcome_risk_level') }} as risk_level,
        {{ brewhouse_utils.clean_text('failure_code') }} as failure_code,
        {{ brewhouse_utils.clean_id('failure_message') }} as failure_message,
        upper({{ brewhouse_utils.clean_id('address_country') }}) as billing_country,
        {{ brewhouse_utils.clean_id('address_city') }} as billing_city,
        upper({{ brewhouse_utils.clean_id('address_state') }}) as billing_state,
        {{ brewhouse_utils.clean_id('address_postal_code') }} as billing_postal_code,
        {{ brewhouse_utils.clean_id('receipt_url') }} as receipt_url,

        -- numerics
        {{ brewhouse_utils.dollars('amount') }} as charge_amount_usd,
        {{ brewhouse_utils.dollars('amount_refunded') }} as refunded_amount_usd,
        {{ brewhouse_utils.safe_bigint('card_exp_month') }} as card_exp_month,
        {{ brewhouse_utils.safe_bigint('card_exp_year') }} as card_exp_year,
        {{ brewhouse_utils.safe_bigint('outcome_risk_score') }} as risk_score,

        -- booleans and times
        paid,
        captured,
        refunded,
        disputed,
        livemode,
        created as stripe_charge_created_at,
        created_at as synced_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        unpacked.stripe_charge_id,
        unpacked.created_at,
        {{ brewhouse_utils.raw_keys('unpacked') }},
        {{ brewhouse_utils.verdict(
            'unpacked', 'stripe_charge_id', parent='stripe_customer_id',
            documents=['outcome', 'payment_method_details', 'billing_details', 'metadata'],
            invalid='unpacked.amount < 0',
            known='known_customers.stripe_customer_id'
        ) }} as verdict
    from unpacked
    left join known_customers on unpacked.stripe_customer_id = known_customers.stripe_customer_id
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'stripe_charge_id', newest) }}
)

select * from flagged
