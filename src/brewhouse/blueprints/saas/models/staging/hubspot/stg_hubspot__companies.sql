with

base_hubspot__companies as (
    select * from {{ ref('base_hubspot__companies') }}
),

valid_companies as (
    select
        *,
        coalesce(nullif(monthly_recurring_revenue, 0), potential_mrr) as expected_mrr
    from base_hubspot__companies
    where data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        hubspot_company_id,
        {{ brewhouse_utils.surrogate_key('hubspot_company_id') }} as hubspot_company_key,
        account_id,

        -- text
        company_name,
        company_domain,
        website,
        company_type,
        industry,
        translate(phone, ' -.()/', '') as phone_cleaned,
        address,
        city,
        state_code,
        country_code,
        postal_code,
        lifecycle_stage,
        lead_status,
        analytics_source,

        -- classes
        {{ brewhouse_utils.banded('employee_count', var('account_size_floors')) }}
            as company_size_category,
        {{ brewhouse_utils.banded('annual_revenue', var('hubspot_revenue_floors')) }}
            as revenue_tier,
        case
            when expected_mrr >= {{ var('plans')['business']['monthly_usd'] }} then 'high'
            when expected_mrr >= {{ var('plans')['professional']['monthly_usd'] }} then 'medium'
            when expected_mrr is not null then 'low'
        end as lead_quality_tier,
        {{ brewhouse_utils.mapped('analytics_source', var('channel_groups'), 'other') }}
            as attribution_channel_group,

        -- numerics
        customer_tier,
        {{ brewhouse_utils.place_in_list(
            'lifecycle_stage', var('lifecycle_stages') | reject('equalto', 'other')
        ) }} as lifecycle_stage_order,
        location_count,
        device_count,
        employee_count,
        annual_revenue,
        monthly_recurring_revenue,
        potential_mrr,

        -- booleans
        archived,
        company_name is null as missing_company_name,
        company_domain is null as missing_domain,
        account_id is null as missing_account_mapping,

        -- times
        created_date,
        hubspot_company_created_at,
        hubspot_company_updated_at,
        synced_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from valid_companies
)

select * from categorised
