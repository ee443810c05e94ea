{%- set newest = ['created_at desc nulls last', '_loaded_at desc nulls last'] -%}
{%- set error = ['code', 'message', 'type'] -%}
{%- set charges = ['total_count', 'data.0.id'] -%}

with

raw_payment_intents as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_payment_intents') }}
),

known_customers as (
    select stripe_customer_id from {{ ref('base_stripe__customers') }}
    where data_quality_flag = 'valid'
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as stripe_payment_intent_id,
        {{ brewhouse_utils.clean_id('customer') }} as stripe_customer_id,
        {{ brewhouse_utils.json_columns('last_payment_error', error, 'error_') }},
        {{ brewhouse_utils.json_columns('charges', charges, 'charges_') }},
        {{ brewhouse_utils.json_columns('metadata', ['account_id'], 'metadata_') }}
    from raw_payment_intents
),

parsed as (
    select
        -- ids
        stripe_payment_intent_id,
        stripe_customer_id,
        {{ brewhouse_utils.clean_id('invoice') }} as stripe_invoice_id,
        {{ brewhouse_utils.clean_id('payment_method') }} as stripe_payment_method_id,
        {{ brewhouse_utils.clean_id('charges_data_0_id') }} as primary_charge_id,
        {{ brewhouse_utils.clean_id('metadata_account_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_text('currency') }} as currency,
        {{ brewhouse_utils.clean_id('description') }} as description,
        {{ brewhouse_utils.clean_text('status') }} as status,
        {{ brewhouse_utils.clean_text('capture_method') }} as capture_method,
        {{ brewhouse_utils.clean_text('confirmation_method') }} as confirmation_method,
        {{ brewhouse_utils.clean_text('setup_future_usage') }} as setup_future_usage,
        {{ brewhouse_utils.clean_text('cancellation_reason') }} as cancellation_reason,
        {{ brewhouse_utils.clean_text('error_code') }} as error_code,
        {{ brewhouse_utils.clean_id('error_message') }} as error_message,
        {{ brewhouse_utils.clean_text('error_type') }} as error_type,
        payment_method_types,
        metadata,
        next_action,

        -- numerics
        {{ brewhouse_utils.dollars('amount') }} as payment_amount_usd,
        {{ brewhouse_utils.dollars('amount_capturable') }} as capturable_amount_usd,
        {{ brewhouse_utils.dollars('amount_received') }} as received_amount_usd,
        {{ brewhouse_utils.safe_bigint('charges_total_count') }} as charge_count,

        -- booleans and times
        livemode,
        canceled_at,
        created as payment_intent_created_at,
        created_at as synced_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        unpacked.stripe_payment_intent_id,
        unpacked.created_at,
        {{ brewhouse_utils.raw_keys('unpacked') }},
        {{ brewhouse_utils.verdict(
            'unpacked', 'stripe_payment_intent_id', parent='stripe_customer_id',
            documents=[
                'charges', 'last_payment_error', 'metadata', 'payment_method_types', 'next_action'
            ],
            invalid='unpacked.amount < 0',
            known='known_customers.stripe_customer_id'
        ) }} as verdict
    from unpacked
    left join known_customers on unpacked.stripe_customer_id = known_customers.stripe_customer_id
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'stripe_payment_intent_id', newest) }}
)

select * from flagged
