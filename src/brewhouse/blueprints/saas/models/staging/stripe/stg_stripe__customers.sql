with

base_stripe__customers as (
    select * from {{ ref('base_stripe__customers') }}
),

valid_customers as (
    select
        *,
        {{ brewhouse_utils.date_diff_days('customer_created_at', brewhouse_utils.as_of()) }}
            as customer_age_days,
        {{ brewhouse_utils.months_between('customer_created_at', brewhouse_utils.as_of()) }}
            as customer_age_months
    from base_stripe__customers
    where data_quality_flag = 'valid'
),

described as (
    select
        -- ids
        stripe_customer_id,
        {{ brewhouse_utils.surrogate_key('stripe_customer_id') }} as stripe_customer_key,
        account_id,

        -- text
        customer_email,
        customer_name,
        customer_description,
        phone,
        currency,
        delinquent,
        tax_exempt,
        livemode,
        invoice_prefix,

        -- addresses
        shipping_address_line1,
        shipping_city,
        shipping_state,
        shipping_country,
        billing_address_line1,
        billing_city,
        billing_state,
        billing_country,

        -- times and classes
        customer_created_at,
        case when delinquent then 'delinquent' else 'in_good_standing' end as customer_status,
        customer_age_days,
        customer_age_months,
        {{ brewhouse_utils.banded(
            'customer_age_days', var('stripe_tenure_floors_days'), 'new'
        ) }} as customer_tenure_category,

        -- doubts
        customer_email is null as missing_email,
        customer_email not like '_%@_%._%' or customer_email like '% %' as invalid_email,

        -- documents
        metadata,
        billing_address_raw,
        shipping_address_raw,
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,

        -- beyond the published columns
        company_name,
        customer_tier,
        billing_postal_code,
        synced_at,
        _source_file,
        _source_row
    from valid_customers
)

select * from described
