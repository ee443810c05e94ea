{%- set properties = [
    'account_id', 'domain', 'website', 'industry', 'phone', 'address', 'city', 'state',
    'country', 'zip', 'lifecycle_stage', 'lead_status', 'source', 'tier', 'device_count',
    'numberofemployees', 'annualrevenue', 'mrr', 'potential_mrr'
] -%}

with

raw_companies as (
    select * from {{ source('hubspot', 'hubspot_companies') }}
),

readable as (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as hubspot_company_id,
        {{ brewhouse_utils.json_texts('properties', properties) }} as property_texts
    from raw_companies
),

unpacked as (
    select
        *,
        {{ brewhouse_utils.text_columns('property_texts', properties, 'property_') }}
    from readable
),

parsed as (
    select
        -- ids
        hubspot_company_id,
        {{ brewhouse_utils.clean_id('property_account_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_id('name') }} as company_name,
        {{ brewhouse_utils.clean_text('property_domain') }} as company_domain,
        {{ brewhouse_utils.clean_id('property_website') }} as website,
        {{ brewhouse_utils.clean_text('business_type') }} as company_type,
        {{ brewhouse_utils.clean_text('property_industry') }} as industry,
        property_phone as phone,
        property_address as address,
        property_city as city,
        upper({{ brewhouse_utils.clean_text('property_state') }}) as state_code,
        upper({{ brewhouse_utils.clean_text('property_country') }}) as country_code,
        property_zip as postal_code,
        {{ brewhouse_utils.clean_text('property_lifecycle_stage') }} as lifecycle_stage,
        {{ brewhouse_utils.clean_text('property_lead_status') }} as lead_status,
        {{ brewhouse_utils.clean_text('property_source') }} as analytics_source,

        -- numerics
        {{ brewhouse_utils.safe_bigint('property_tier') }} as customer_tier,
        location_count,
        {{ brewhouse_utils.safe_bigint('property_device_count') }} as device_count,
        {{ brewhouse_utils.safe_bigint('property_numberofemployees') }} as employee_count,
        {{ brewhouse_utils.safe_decimal('property_annualrevenue') }} as annual_revenue,
        {{ brewhouse_utils.safe_decimal('property_mrr') }} as monthly_recurring_revenue,
        {{ brewhouse_utils.safe_decimal('property_potential_mrr') }} as potential_mrr,

        -- booleans
        archived,

        -- times
        created_date,
        createdat as hubspot_company_created_at,
        updatedat as hubspot_company_updated_at,
        created_at as synced_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from unpacked
),

judged as (
    select
        hubspot_company_id,
        updatedat,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when hubspot_company_id is null then 'missing_id'
            when properties is not null and property_texts is null then 'broken_json'
            else 'valid'
        end as verdict
    from readable
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'hubspot_company_id',
        ['updatedat desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
