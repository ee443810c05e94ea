{%- set newest = ['created_at desc nulls last', '_loaded_at desc nulls last'] -%}
{%- set coupon = ['coupon.percent_off', 'coupon.amount_off'] -%}
{%- set transitions = ['finalized_at', 'paid_at', 'marked_uncollectible_at', 'voided_at'] -%}

with

raw_invoices as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_invoices') }}
),

known_customers as (
    select stripe_customer_id from {{ ref('base_stripe__customers') }}
    where data_quality_flag = 'valid'
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as stripe_invoice_id,
        {{ brewhouse_utils.clean_id('customer') }} as stripe_customer_id,
        {{ brewhouse_utils.json_columns('status_transitions', transitions, '') }},
        {{ brewhouse_utils.json_columns('discount', coupon, '') }},
        {{ brewhouse_utils.json_columns('metadata', ['account_id'], 'metadata_') }},
        {{ brewhouse_utils.json_columns('lines', ['has_more'], 'lines_') }}
    from raw_invoices
),

parsed as (
    select
        -- ids
        stripe_invoice_id,
        stripe_customer_id,
        {{ brewhouse_utils.clean_id('subscription') }} as stripe_subscription_id,
        {{ brewhouse_utils.clean_id('charge') }} as stripe_charge_id,
        {{ brewhouse_utils.clean_id('payment_intent') }} as stripe_payment_intent_id,
        {{ brewhouse_utils.clean_id('metadata_account_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_id('number') }} as invoice_number,
        {{ brewhouse_utils.clean_text('status') }} as status,
        {{ brewhouse_utils.clean_text('billing_reason') }} as billing_reason,
        {{ brewhouse_utils.clean_text('collection_method') }} as collection_method,
        {{ brewhouse_utils.clean_text('currency') }} as currency,
        {{ brewhouse_utils.clean_text('customer_email') }} as customer_email,
        {{ brewhouse_utils.clean_id('customer_name') }} as customer_name,
        {{ brewhouse_utils.clean_id('customer_phone') }} as customer_phone,
        metadata,
        lines as invoice_lines,

        -- numerics
        {{ brewhouse_utils.dollars('amount_due') }} as amount_due_usd,
        {{ brewhouse_utils.dollars('amount_paid') }} as amount_paid_usd,
        {{ brewhouse_utils.dollars('amount_remaining') }} as amount_remaining_usd,
        {{ brewhouse_utils.dollars('subtotal') }} as subtotal_usd,
        {{ brewhouse_utils.dollars('tax') }} as tax_usd,
        {{ brewhouse_utils.dollars('total') }} as total_usd,
        cast(case when lines_has_more = 'false' then {{ brewhouse_utils.dollars(
            brewhouse_utils.json_total('lines', 'data', 'amount')
        ) }} end as decimal(18, 2)) as lines_usd,
        {{ brewhouse_utils.safe_decimal('coupon_percent_off') }} as discount_percent,
        {{ brewhouse_utils.dollars('coupon_amount_off') }} as fixed_discount_usd,
        attempt_count,

        -- booleans and times
        paid,
        attempted,
        auto_advance,
        livemode,
        period_start as billing_period_start,
        period_end as billing_period_end,
        due_date,
        {% for moment in transitions -%}
        {{ brewhouse_utils.from_epoch_seconds(moment) }} as {{ moment }},
        {% endfor -%}
        created as invoice_created_at,
        created_at as synced_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        unpacked.stripe_invoice_id,
        unpacked.created_at,
        {{ brewhouse_utils.raw_keys('unpacked') }},
        {{ brewhouse_utils.verdict(
            'unpacked', 'stripe_invoice_id', parent='stripe_customer_id',
            documents=['lines', 'metadata', 'status_transitions', 'discount'],
            invalid='unpacked.total < 0',
            known='known_customers.stripe_customer_id'
        ) }} as verdict
    from unpacked
    left join known_customers on unpacked.stripe_customer_id = known_customers.stripe_customer_id
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'stripe_invoice_id', newest) }}
)

select * from flagged
