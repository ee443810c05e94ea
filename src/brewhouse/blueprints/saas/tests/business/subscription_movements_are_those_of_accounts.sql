{#- Per account, moment and movement, what its subscriptions moved is what the account moved; what
    one of them handed over, another took. -#}

with

fact_subscriptions__movements as (
    select * from {{ ref('fact_subscriptions__movements') }}
),

fact_accounts__mrr as (
    select * from {{ ref('fact_accounts__mrr') }}
),

moved as (
    select
        account_id,
        changed_at,
        movement,
        sum(moved_mrr) as mrr_change
    from fact_subscriptions__movements
    where movement <> 'transferred'
    group by account_id, changed_at, movement
),

handed_over as (
    select
        account_id,
        changed_at,
        sum(transferred_mrr) as transferred_mrr
    from fact_subscriptions__movements
    group by account_id, changed_at
    having sum(transferred_mrr) <> 0
)

select
    coalesce(moved.account_id, fact_accounts__mrr.account_id) as account_id,
    coalesce(moved.changed_at, fact_accounts__mrr.changed_at) as changed_at,
    moved.mrr_change as found,
    fact_accounts__mrr.mrr_change as expected
from moved
full outer join fact_accounts__mrr
    on
        moved.account_id = fact_accounts__mrr.account_id
        and moved.changed_at = fact_accounts__mrr.changed_at
        and moved.movement = fact_accounts__mrr.movement
where moved.mrr_change is distinct from fact_accounts__mrr.mrr_change
union all
select
    account_id,
    changed_at,
    transferred_mrr as found,
    0 as expected
from handed_over
