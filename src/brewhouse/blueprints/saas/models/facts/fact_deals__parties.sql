with

stg_hubspot__deals as (
    select * from {{ ref('stg_hubspot__deals') }}
),

stg_hubspot__owners as (
    select * from {{ ref('stg_hubspot__owners') }}
),

stg_hubspot__companies as (
    select * from {{ ref('stg_hubspot__companies') }}
),

stg_hubspot__contacts as (
    select * from {{ ref('stg_hubspot__contacts') }}
),

parties as (
    select
        stg_hubspot__deals.hubspot_deal_id,
        stg_hubspot__deals.deal_owner_id,
        stg_hubspot__owners.full_name as sales_owner_name,
        stg_hubspot__deals.hubspot_company_id,
        stg_hubspot__companies.account_id,
        stg_hubspot__companies.company_name,
        stg_hubspot__companies.company_size_category,
        stg_hubspot__companies.country_code,
        stg_hubspot__companies.analytics_source as lead_source,
        stg_hubspot__companies.attribution_channel_group as lead_source_group,
        stg_hubspot__deals.hubspot_contact_id,
        stg_hubspot__contacts.lead_score
    from stg_hubspot__deals
    left join stg_hubspot__owners
        on stg_hubspot__deals.deal_owner_id = stg_hubspot__owners.owner_id
    left join stg_hubspot__companies
        on stg_hubspot__deals.hubspot_company_id = stg_hubspot__companies.hubspot_company_id
    left join stg_hubspot__contacts
        on stg_hubspot__deals.hubspot_contact_id = stg_hubspot__contacts.hubspot_contact_id
)

select * from parties
