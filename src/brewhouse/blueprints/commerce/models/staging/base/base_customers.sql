with

raw_customers as (
    select * from {{ source('raw', 'customers') }}
),

parsed as (
    select
        -- ids
        customer_id,

        -- text
        {{ brewhouse_utils.clean_id('first_name') }} as first_name,
        {{ brewhouse_utils.clean_id('last_name') }} as last_name,
        {{ brewhouse_utils.clean_text('email') }} as email,
        {{ brewhouse_utils.clean_id('phone') }} as phone,
        {{ brewhouse_utils.clean_id('address') }} as address,
        {{ brewhouse_utils.clean_id('city') }} as city,
        upper({{ brewhouse_utils.clean_id('state') }}) as state,
        {{ brewhouse_utils.clean_id('zip_code') }} as zip_code,
        {{ brewhouse_utils.clean_text('customer_segment') }} as customer_segment,

        -- times
        registration_date,
        updated_at,
        {{ brewhouse_utils.raw_keys() }}
    from raw_customers
),

judged as (
    select
        parsed.*,
        {{ brewhouse_utils.verdict(
            'parsed', 'customer_id', invalid='parsed.registration_date is null'
        ) }} as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'customer_id',
        ['updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
