{%- set newest = ['created_at desc nulls last', '_loaded_at desc nulls last'] -%}

with

raw_prices as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_prices') }}
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as price_id
    from raw_prices
),

parsed as (
    select
        -- ids
        price_id,
        {{ brewhouse_utils.clean_id('product') }} as product_id,

        -- text
        {{ brewhouse_utils.clean_id('nickname') }} as nickname,
        {{ brewhouse_utils.clean_text('currency') }} as currency,
        {{ brewhouse_utils.clean_text('type') }} as price_type,
        {{ brewhouse_utils.clean_text('recurring_interval') }} as billing_interval,

        -- numerics
        recurring_interval_count as interval_count,
        unit_amount,
        {{ brewhouse_utils.dollars('unit_amount') }} as price_amount,

        -- booleans and times
        active as is_active,
        created,
        created_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        price_id,
        created_at,
        {{ brewhouse_utils.raw_keys() }},
        {{ brewhouse_utils.verdict('unpacked', 'price_id') }} as verdict
    from unpacked
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'price_id', newest) }}
)

select * from flagged
