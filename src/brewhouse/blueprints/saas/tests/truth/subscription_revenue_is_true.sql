{{ config(enabled=var('simulated')) }}

{#- At the end of each month, MRR of all subscriptions of an account is that of the true stretch.
    -#}

with

entity_subscriptions_monthly as (
    select * from {{ ref('entity_subscriptions_monthly') }}
),

mrr as (
    select * from {{ source('truth', 'mrr') }}
),

account_months as (
    select
        account_id,
        state_at,
        sum(monthly_recurring_revenue) as mrr
    from entity_subscriptions_monthly
    group by account_id, state_at
)

select
    account_months.account_id,
    account_months.state_at,
    account_months.mrr as found,
    mrr.mrr as expected
from account_months
left join mrr
    on
        account_months.account_id = mrr.account_id
        and cast(account_months.state_at as date) >= mrr.valid_from
        and (cast(account_months.state_at as date) < mrr.valid_to or mrr.valid_to is null)
where account_months.mrr <> coalesce(mrr.mrr, 0)
