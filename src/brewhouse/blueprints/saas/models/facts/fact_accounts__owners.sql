with

fact_deals__parties as (
    select * from {{ ref('fact_deals__parties') }}
    where account_id is not null
),

fact_deals__activity as (
    select * from {{ ref('fact_deals__activity') }}
),

stg_hubspot__deals as (
    select * from {{ ref('stg_hubspot__deals') }}
    where standardized_stage = 'won'
),

stg_hubspot__owners as (
    select * from {{ ref('stg_hubspot__owners') }}
),

-- The owner of the deal that was won last looks after the account.
won_deals as (
    select
        fact_deals__parties.account_id,
        count(*) as won_deals,
        cast(sum(stg_hubspot__deals.deal_amount) as decimal(18, 2)) as won_amount,
        max(fact_deals__activity.closed_at) as last_won_at,
        {{ brewhouse_utils.last_by('stg_hubspot__deals.deal_owner_id', [
            'fact_deals__activity.closed_at', 'stg_hubspot__deals.hubspot_deal_id'
        ]) }} as owner_id
    from stg_hubspot__deals
    inner join fact_deals__parties
        on stg_hubspot__deals.hubspot_deal_id = fact_deals__parties.hubspot_deal_id
    inner join fact_deals__activity
        on stg_hubspot__deals.hubspot_deal_id = fact_deals__activity.hubspot_deal_id
    group by fact_deals__parties.account_id
)

select
    won_deals.account_id,
    won_deals.won_deals,
    won_deals.won_amount,
    won_deals.last_won_at,
    won_deals.owner_id,
    stg_hubspot__owners.full_name as owner_name,
    stg_hubspot__owners.email as owner_email
from won_deals
left join stg_hubspot__owners on won_deals.owner_id = stg_hubspot__owners.owner_id
