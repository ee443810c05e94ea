with

raw_accounts as (
    select * from {{ source('app_database', 'app_database_accounts') }}
),

base_accounts as (
    select * from {{ ref('base_app_database__accounts') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_accounts
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_accounts.id,
        raw_accounts.name,
        raw_accounts.email,
        raw_accounts.created_date,
        raw_accounts.business_type,
        raw_accounts.location_count,
        raw_accounts.industry,
        raw_accounts.employee_count,
        raw_accounts.annual_revenue,
        raw_accounts.website,
        raw_accounts.status,
        raw_accounts.created_at,
        raw_accounts.updated_at,
        raw_accounts.stripe_customer_id,
        raw_accounts.hubspot_company_id,
        raw_accounts._source_file,
        raw_accounts._source_row,
        raw_accounts._loaded_at,
        raw_accounts._dlt_load_id,
        rejections.reason
    from raw_accounts
    inner join rejections
        on
            raw_accounts._source_file = rejections._source_file
            and raw_accounts._source_row = rejections._source_row
)

select * from rejected_rows
