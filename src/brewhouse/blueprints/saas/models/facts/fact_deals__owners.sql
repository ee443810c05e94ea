with

stg_hubspot__deals as (
    select * from {{ ref('stg_hubspot__deals') }}
    where deal_owner_id is not null
),

records as (
    select
        deal_owner_id,
        {{ brewhouse_utils.count_if("standardized_stage = 'won'") }} as won_deals,
        {{ brewhouse_utils.count_if("standardized_stage in ('won', 'lost')") }} as closed_deals
    from stg_hubspot__deals
    group by deal_owner_id
)

select
    *,
    {{ brewhouse_utils.ratio('won_deals', 'closed_deals') }} as win_rate
from records
