with

base_accounts as (
    select * from {{ ref('base_app_database__accounts') }}
),

valid_accounts as (
    select
        -- ids
        account_id,
        {{ brewhouse_utils.surrogate_key(['account_id']) }} as account_key,
        stripe_customer_id,
        hubspot_company_id,

        -- text
        account_name,
        business_type as account_type,
        industry,
        email,
        website,
        account_status,

        -- numerics
        location_count,
        employee_count,
        annual_revenue_usd as annual_revenue,

        -- classes
        {{ brewhouse_utils.banded('employee_count', var('account_size_floors')) }}
            as company_size_category,
        {{ brewhouse_utils.mapped('business_type', var('account_type_tiers'), 'other') }}
            as account_type_tier,

        -- times
        account_created_at,
        account_updated_at,
        {{ brewhouse_utils.date_diff_days('account_created_at', brewhouse_utils.as_of()) }}
            as account_age_days,
        {{ brewhouse_utils.months_between('account_created_at', brewhouse_utils.as_of()) }}
            as account_age_months,
        {{ brewhouse_utils.date_diff_days('account_created_at', brewhouse_utils.as_of()) }}
        < {{ var('new_account_days') }} as is_new_customer,

        -- gaps
        account_name is null as missing_account_name,
        business_type is null as missing_account_type,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from base_accounts
    where data_quality_flag = 'valid'
)

select * from valid_accounts
