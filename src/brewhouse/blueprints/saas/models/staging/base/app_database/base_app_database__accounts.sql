with

raw_accounts as (
    select * from {{ source('app_database', 'app_database_accounts') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as account_id,
        {{ brewhouse_utils.clean_id('stripe_customer_id') }} as stripe_customer_id,
        {{ brewhouse_utils.clean_id('hubspot_company_id') }} as hubspot_company_id,

        -- text
        {{ brewhouse_utils.clean_id('name') }} as account_name,
        {{ brewhouse_utils.clean_text('email') }} as email,
        {{ brewhouse_utils.clean_text('business_type') }} as business_type,
        {{ brewhouse_utils.clean_text('industry') }} as industry,
        {{ brewhouse_utils.clean_id('website') }} as website,
        {{ brewhouse_utils.clean_text('status') }} as account_status,

        -- numerics
        location_count,
        employee_count,
        annual_revenue as annual_revenue_usd,

        -- times
        created_date,
        created_at as account_created_at,
        updated_at as account_updated_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_accounts
),

judged as (
    select
        account_id,
        account_updated_at,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when account_id is null then 'missing_id'
            else 'valid'
        end as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'account_id',
        ['account_updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
