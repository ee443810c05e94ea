with

fact_subscriptions__mrr as (
    select * from {{ ref('fact_subscriptions__mrr') }}
),

steps as (
    select
        account_id,
        changed_at,
        mrr - coalesce(lag(mrr) over (
            partition by stripe_subscription_id order by changed_at
        ), 0) as mrr_step
    from fact_subscriptions__mrr
),

-- A change of plan ends a subscription and begins another at the same moment: one step.
account_steps as (
    select
        account_id,
        changed_at,
        sum(mrr_step) as mrr_change
    from steps
    group by account_id, changed_at
    having sum(mrr_step) <> 0
),

balances as (
    select
        account_id,
        changed_at,
        mrr_change,
        sum(mrr_change) over (
            partition by account_id order by changed_at
        ) as mrr,
        row_number() over (partition by account_id order by changed_at) as change_number
    from account_steps
)

select
    account_id,
    changed_at,
    cast(changed_at as date) as changed_on,
    {{ mrr_movement('mrr - mrr_change', 'mrr', 'change_number = 1') }} as movement,
    cast(mrr - mrr_change as decimal(18, 2)) as mrr_before,
    cast(mrr_change as decimal(18, 2)) as mrr_change,
    cast(mrr as decimal(18, 2)) as mrr
from balances
