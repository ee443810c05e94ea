{%- set newest = ['created_at desc nulls last', '_loaded_at desc nulls last'] -%}
{%- set price = [
    'id', 'product', 'unit_amount', 'recurring.interval', 'recurring.interval_count',
    'recurring.usage_type'
] -%}
{%- set metadata = ['type', 'plan', 'addon_name', 'description'] -%}

with

raw_subscription_items as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_subscription_items') }}
),

known_subscriptions as (
    select stripe_subscription_id from {{ ref('base_stripe__subscriptions') }}
    where data_quality_flag = 'valid'
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as stripe_subscription_item_id,
        {{ brewhouse_utils.clean_id('subscription') }} as stripe_subscription_id,
        {{ brewhouse_utils.json_columns('price', price, 'price_') }},
        {{ brewhouse_utils.json_columns('metadata', metadata, 'metadata_') }}
    from raw_subscription_items
),

parsed as (
    select
        -- ids
        stripe_subscription_item_id,
        stripe_subscription_id,
        {{ brewhouse_utils.clean_id('price_id') }} as stripe_price_id,
        {{ brewhouse_utils.clean_id('price_product') }} as stripe_product_id,

        -- text
        {{ brewhouse_utils.clean_text('price_recurring_interval') }} as billing_interval,
        {{ brewhouse_utils.clean_text('price_recurring_usage_type') }} as usage_type,
        {{ brewhouse_utils.clean_text('metadata_type') }} as item_type,
        {{ brewhouse_utils.clean_text('metadata_plan') }} as plan_name,
        {{ brewhouse_utils.clean_text('metadata_addon_name') }} as addon_name,
        {{ brewhouse_utils.clean_id('metadata_description') }} as item_description,

        -- numerics
        quantity,
        {{ brewhouse_utils.dollars('price_unit_amount') }} as unit_price_usd,
        {{ brewhouse_utils.safe_bigint('price_recurring_interval_count') }}
            as billing_interval_count,

        -- times
        created as subscription_item_created_at,
        created_at as synced_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        unpacked.stripe_subscription_item_id,
        unpacked.created_at,
        {{ brewhouse_utils.raw_keys('unpacked') }},
        {{ brewhouse_utils.verdict(
            'unpacked', 'stripe_subscription_item_id', parent='stripe_subscription_id',
            documents=['price', 'metadata'],
            invalid='unpacked.quantity < 0',
            known='known_subscriptions.stripe_subscription_id'
        ) }} as verdict
    from unpacked
    left join known_subscriptions
        on unpacked.stripe_subscription_id = known_subscriptions.stripe_subscription_id
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'stripe_subscription_item_id', newest) }}
)

select * from flagged
