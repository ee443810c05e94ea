{%- set as_of = brewhouse_utils.as_of() -%}

with

stg_marketing__marketing_qualified_leads as (
    select * from {{ ref('stg_marketing__marketing_qualified_leads') }}
),

stg_app_database__accounts as (
    select * from {{ ref('stg_app_database__accounts') }}
    where account_created_at <= {{ as_of }}
),

first_revenue as (
    select
        account_id,
        changed_at as revenue_at,
        mrr
    from {{ ref('fact_accounts__mrr') }}
    where movement = 'new'
)

select
    leads.lead_id,
    leads.account_id,
    stg_app_database__accounts.account_created_at as converted_at,
    cast(stg_app_database__accounts.account_created_at as date) as converted_on,
    {{ brewhouse_utils.date_diff_days(
        'leads.created_at_source', 'stg_app_database__accounts.account_created_at'
    ) }} as days_to_convert,
    first_revenue.revenue_at,
    cast(first_revenue.revenue_at as date) as revenue_on,
    cast(coalesce(first_revenue.mrr, 0) * 12 as decimal(18, 2)) as revenue
from stg_marketing__marketing_qualified_leads as leads
inner join stg_app_database__accounts
    on leads.account_id = stg_app_database__accounts.account_id
left join first_revenue on leads.account_id = first_revenue.account_id
