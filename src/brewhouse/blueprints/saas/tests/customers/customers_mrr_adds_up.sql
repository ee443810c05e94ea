{#- MRR at start + new + expansion + reactivation - contraction - churned = MRR at end. -#}

with

account_days as (
    select * from {{ ref('entity_customers_daily') }}
),

flows as (
    select
        {{ brewhouse_utils.month_start('snapshot_date') }} as month_on,
        sum(new_mrr + expansion_mrr + reactivation_mrr - contraction_mrr - churned_mrr)
            as mrr_change,
        max(snapshot_date) as last_day
    from account_days
    group by {{ brewhouse_utils.month_start('snapshot_date') }}
),

balances as (
    select
        flows.month_on,
        flows.mrr_change,
        sum(account_days.monthly_recurring_revenue) as mrr_at_end
    from flows
    inner join account_days on flows.last_day = account_days.snapshot_date
    group by flows.month_on, flows.mrr_change
),

compared as (
    select
        *,
        coalesce(lag(mrr_at_end) over (order by month_on), 0) as mrr_at_start
    from balances
)

select *
from compared
where mrr_at_start + mrr_change <> mrr_at_end
