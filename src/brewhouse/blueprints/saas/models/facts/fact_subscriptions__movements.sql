with

fact_subscriptions__mrr as (
    select * from {{ ref('fact_subscriptions__mrr') }}
),

fact_accounts__mrr as (
    select * from {{ ref('fact_accounts__mrr') }}
),

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

changes as (
    select
        account_id,
        stripe_subscription_id,
        changed_at,
        mrr,
        mrr - coalesce(lag(mrr) over (
            partition by stripe_subscription_id order by changed_at
        ), 0) as mrr_change
    from fact_subscriptions__mrr
),

-- What subscriptions of an account gain and lose at one moment, one after the other.
gains_and_losses as (
    select
        *,
        greatest(mrr_change, 0) as gain,
        greatest(-mrr_change, 0) as loss,
        sum(greatest(mrr_change, 0)) over (
            partition by account_id, changed_at order by stripe_subscription_id
        ) as gains_so_far,
        sum(greatest(-mrr_change, 0)) over (
            partition by account_id, changed_at order by stripe_subscription_id
        ) as losses_so_far,
        sum(greatest(mrr_change, 0)) over (partition by account_id, changed_at) as all_gains,
        sum(greatest(-mrr_change, 0)) over (partition by account_id, changed_at) as all_losses
    from changes
    where mrr_change <> 0
),

-- What one loses and another gains is handed over; the rest is the account's movement.
handovers as (
    select
        *,
        least(gains_so_far, all_losses) - least(gains_so_far - gain, all_losses)
        - least(losses_so_far, all_gains) + least(losses_so_far - loss, all_gains)
            as transferred_mrr
    from gains_and_losses
)

select
    fact_subscriptions__terms.subscription_id,
    handovers.account_id,
    handovers.changed_at,
    cast(handovers.changed_at as date) as changed_on,
    case
        when handovers.mrr_change <> handovers.transferred_mrr then fact_accounts__mrr.movement
        else 'transferred'
    end as movement,
    cast(handovers.mrr - handovers.mrr_change as decimal(18, 2)) as mrr_before,
    cast(handovers.mrr_change as decimal(18, 2)) as mrr_change,
    cast(handovers.transferred_mrr as decimal(18, 2)) as transferred_mrr,
    cast(handovers.mrr_change - handovers.transferred_mrr as decimal(18, 2)) as moved_mrr,
    cast(handovers.mrr as decimal(18, 2)) as mrr
from handovers
inner join fact_subscriptions__terms
    on handovers.stripe_subscription_id = fact_subscriptions__terms.stripe_subscription_id
left join fact_accounts__mrr
    on
        handovers.account_id = fact_accounts__mrr.account_id
        and handovers.changed_at = fact_accounts__mrr.changed_at
