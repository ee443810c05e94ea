with

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

stg_stripe__subscriptions as (
    select * from {{ ref('stg_stripe__subscriptions') }}
),

terms as (
    select
        account_id,
        stripe_subscription_id,
        started_at,
        case when ended_at <= {{ brewhouse_utils.as_of() }} then ended_at else {{ forever() }} end
            as ended_at
    from stg_stripe__subscriptions
    where account_id is not null and started_at <= {{ brewhouse_utils.as_of() }}
),

followed as (
    select
        *,
        max(ended_at) over (
            partition by account_id order by started_at, stripe_subscription_id
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from terms
),

-- A change of plan ends one subscription and begins another at the same moment: one stretch.
numbered as (
    select
        *,
        count(case when ended_before is null or ended_before < started_at then 1 end) over (
            partition by account_id order by started_at, stripe_subscription_id
            rows between unbounded preceding and current row
        ) as stretch_number
    from followed
),

account_stretches as (
    select
        account_id,
        min(started_at) as started_at,
        max(ended_at) as ended_at
    from numbered
    group by account_id, stretch_number
),

-- Of an account of which no subscription is known nothing speaks against service.
location_stretches as (
    select
        stg_app_database__locations.location_id,
        stg_app_database__locations.account_id,
        greatest(
            cast(stg_app_database__locations.install_date as timestamp),
            coalesce(account_stretches.started_at, stg_app_database__locations.location_created_at)
        ) as started_at,
        least(
            coalesce(account_stretches.ended_at, {{ forever() }}),
            case
                when stg_app_database__locations.closed_at <= {{ brewhouse_utils.as_of() }}
                    then stg_app_database__locations.closed_at
                else {{ forever() }}
            end
        ) as ended_at,
        stg_app_database__locations.closed_at
    from stg_app_database__locations
    left join account_stretches
        on stg_app_database__locations.account_id = account_stretches.account_id
    where stg_app_database__locations.install_date is not null
)

select
    location_id,
    account_id,
    started_at,
    case when ended_at < {{ forever() }} then ended_at end as ended_at,
    case
        when ended_at = {{ forever() }} then null
        when ended_at = closed_at then 'location_closed'
        else 'subscription_ended'
    end as end_reason
from location_stretches
where started_at < ended_at and started_at <= {{ brewhouse_utils.as_of() }}
