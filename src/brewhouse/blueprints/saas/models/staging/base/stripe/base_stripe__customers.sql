{%- set newest = ['created_at desc nulls last', '_loaded_at desc nulls last'] -%}
{%- set places = ['line1', 'city', 'state', 'country', 'postal_code'] -%}
{%- set shipping = ['address.line1', 'address.city', 'address.state', 'address.country'] -%}
{%- set metadata = ['account_id', 'company_name', 'tier'] -%}

with

raw_customers as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_customers') }}
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as stripe_customer_id,
        {{ brewhouse_utils.json_columns('address', places, 'billing_') }},
        {{ brewhouse_utils.json_columns('shipping', shipping, 'shipping_') }},
        {{ brewhouse_utils.json_columns('metadata', metadata, 'metadata_') }}
    from raw_customers
),

parsed as (
    select
        -- ids
        stripe_customer_id,
        {{ brewhouse_utils.clean_id('metadata_account_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_text('email') }} as customer_email,
        {{ brewhouse_utils.clean_id('name') }} as customer_name,
        {{ brewhouse_utils.clean_id('description') }} as customer_description,
        {{ brewhouse_utils.clean_id('phone') }} as phone,
        {{ brewhouse_utils.clean_text('currency') }} as currency,
        {{ brewhouse_utils.clean_text('tax_exempt') }} as tax_exempt,
        {{ brewhouse_utils.clean_id('invoice_prefix') }} as invoice_prefix,
        {{ brewhouse_utils.clean_id('metadata_company_name') }} as company_name,
        {{ brewhouse_utils.safe_bigint('metadata_tier') }} as customer_tier,
        {{ brewhouse_utils.clean_id('billing_line1') }} as billing_address_line1,
        {{ brewhouse_utils.clean_id('billing_city') }} as billing_city,
        upper({{ brewhouse_utils.clean_id('billing_state') }}) as billing_state,
        upper({{ brewhouse_utils.clean_id('billing_country') }}) as billing_country,
        {{ brewhouse_utils.clean_id('billing_postal_code') }} as billing_postal_code,
        {{ brewhouse_utils.clean_id('shipping_address_line1') }} as shipping_address_line1,
        {{ brewhouse_utils.clean_id('shipping_address_city') }} as shipping_city,
        upper({{ brewhouse_utils.clean_id('shipping_address_state') }}) as shipping_state,
        upper({{ brewhouse_utils.clean_id('shipping_address_country') }}) as shipping_country,

        -- documents
        metadata,
        address as billing_address_raw,
        shipping as shipping_address_raw,

        -- booleans and times
        delinquent,
        livemode,
        created as customer_created_at,
        created_at as synced_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        stripe_customer_id,
        created_at,
        {{ brewhouse_utils.raw_keys() }},
        {{ brewhouse_utils.verdict(
            'unpacked', 'stripe_customer_id',
            documents=['address', 'shipping', 'metadata']
        ) }} as verdict
    from unpacked
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'stripe_customer_id', newest) }}
)

select * from flagged
