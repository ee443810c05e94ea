{%- set newest = ['created_at desc nulls last', '_loaded_at desc nulls last'] -%}
{%- set coupon = ['coupon.percent_off', 'coupon.duration', 'coupon.duration_in_months'] -%}
{%- set metadata = ['account_id', 'app_subscription_id', 'plan'] -%}

with

raw_subscriptions as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_subscriptions') }}
),

known_customers as (
    select stripe_customer_id from {{ ref('base_stripe__customers') }}
    where data_quality_flag = 'valid'
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as stripe_subscription_id,
        {{ brewhouse_utils.clean_id('customer') }} as stripe_customer_id,
        {{ brewhouse_utils.json_columns('discount', coupon, '') }},
        {{ brewhouse_utils.json_columns('metadata', metadata, 'metadata_') }}
    from raw_subscriptions
),

parsed as (
    select
        -- ids
        stripe_subscription_id,
        stripe_customer_id,
        {{ brewhouse_utils.clean_id('default_payment_method') }} as stripe_payment_method_id,
        {{ brewhouse_utils.clean_id('latest_invoice') }} as stripe_latest_invoice_id,
        {{ brewhouse_utils.clean_id('metadata_account_id') }} as account_id,
        {{ brewhouse_utils.clean_id('metadata_app_subscription_id') }} as app_subscription_id,

        -- text
        {{ brewhouse_utils.clean_text('status') }} as status,
        {{ brewhouse_utils.clean_text('metadata_plan') }} as plan_name,
        {{ brewhouse_utils.clean_text('coupon_duration') }} as discount_duration,
        metadata,
        discount,
        items as subscription_items,

        -- numerics
        days_until_due,
        {{ brewhouse_utils.safe_decimal('coupon_percent_off') }} as discount_percent,
        {{ brewhouse_utils.safe_bigint('coupon_duration_in_months') }} as discount_months,

        -- booleans and times
        cancel_at_period_end,
        livemode,
        billing_cycle_anchor,
        current_period_start,
        current_period_end,
        start_date as started_at,
        trial_start as trial_started_at,
        trial_end as trial_ends_at,
        cancel_at,
        canceled_at,
        ended_at,
        created as subscription_created_at,
        created_at as synced_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        unpacked.stripe_subscription_id,
        unpacked.created_at,
        {{ brewhouse_utils.raw_keys('unpacked') }},
        {{ brewhouse_utils.verdict(
            'unpacked', 'stripe_subscription_id', parent='stripe_customer_id',
            documents=['discount', 'metadata', 'items'],
            known='known_customers.stripe_customer_id'
        ) }} as verdict
    from unpacked
    left join known_customers on unpacked.stripe_customer_id = known_customers.stripe_customer_id
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'stripe_subscription_id', newest) }}
)

select * from flagged
