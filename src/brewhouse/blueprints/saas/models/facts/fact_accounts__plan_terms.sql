with

stg_app_database__subscriptions as (
    select * from {{ ref('stg_app_database__subscriptions') }}
),

-- What ends after as_of still runs; what ends on its first day never was a day's plan.
terms as (
    select
        subscription_id,
        account_id,
        plan_name,
        plan_tier,
        start_date as valid_from,
        case when end_date <= cast({{ brewhouse_utils.as_of() }} as date) then end_date end
            as valid_to
    from stg_app_database__subscriptions
    where
        start_date <= cast({{ brewhouse_utils.as_of() }} as date)
        and (end_date is null or end_date > start_date)
)

select
    subscription_id,
    account_id,
    plan_name,
    plan_tier,
    valid_from,
    valid_to
from terms
