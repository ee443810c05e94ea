with

fact_leads__touches as (
    select * from {{ ref('fact_leads__touches') }}
),

fact_leads__conversions as (
    select * from {{ ref('fact_leads__conversions') }}
),

stg_marketing__marketing_qualified_leads as (
    select * from {{ ref('stg_marketing__marketing_qualified_leads') }}
    where mql_date <= {{ brewhouse_utils.as_of() }}
)

select
    leads.lead_id,
    cast(min(leads.mql_date) as date) as qualified_on,
    count(*) as touches,
    min(fact_leads__touches.touched_at) as first_touched_at,
    max(fact_leads__touches.touched_at) as last_touched_at,
    max(case when fact_leads__conversions.lead_id is null then 0 else 1 end) as won
from stg_marketing__marketing_qualified_leads as leads
inner join fact_leads__touches on leads.lead_id = fact_leads__touches.lead_id
left join fact_leads__conversions on leads.lead_id = fact_leads__conversions.lead_id
group by leads.lead_id
