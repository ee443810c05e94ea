{{ config(enabled=var('simulated')) }}

with

account_days as (
    select
        account_id,
        snapshot_date,
        monthly_recurring_revenue
    from {{ ref('entity_customers_daily') }}
),

stretches as (
    select * from {{ source('truth', 'mrr') }}
),

differences as (
    select
        account_days.account_id,
        account_days.snapshot_date,
        account_days.monthly_recurring_revenue as found_mrr,
        coalesce(stretches.mrr, 0) as true_mrr
    from account_days
    left join stretches
        on
            account_days.account_id = stretches.account_id
            and account_days.snapshot_date >= stretches.valid_from
            and (account_days.snapshot_date < stretches.valid_to or stretches.valid_to is null)
    where account_days.monthly_recurring_revenue <> coalesce(stretches.mrr, 0)
),

-- No paid day is missing.
paid_days as (
    select
        account_id,
        count(*) as found_days
    from account_days
    where monthly_recurring_revenue > 0
    group by account_id
),

true_days as (
    select
        account_id,
        sum(
            coalesce(valid_to, cast({{ brewhouse_utils.as_of() }} as date) + 1) - valid_from
        ) as true_days
    from stretches
    where mrr > 0
    group by account_id
)

select
    account_id,
    cast(snapshot_date as {{ dbt.type_string() }}) as what,
    found_mrr as found,
    true_mrr as expected
from differences
union all
select
    true_days.account_id,
    'paid days' as what,
    coalesce(paid_days.found_days, 0) as found,
    true_days.true_days as expected
from true_days
left join paid_days on true_days.account_id = paid_days.account_id
where true_days.true_days <> coalesce(paid_days.found_days, 0)
