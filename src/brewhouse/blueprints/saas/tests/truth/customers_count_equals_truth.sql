{{ config(enabled=var('simulated')) }}

{#- Paying customers at the end of each month, and of today all by status. -#}

with

month_ends as (
    select
        snapshot_date,
        sum(case when monthly_recurring_revenue > 0 then 1 else 0 end) as found_customers
    from {{ ref('entity_customers_daily') }}
    where extract(day from snapshot_date + 1) = 1
    group by snapshot_date
),

true_counts as (
    select
        month_ends.snapshot_date,
        count(moves.account_id) as true_customers
    from month_ends
    left join {{ source('truth', 'mrr') }} as moves
        on
            moves.mrr > 0
            and month_ends.snapshot_date >= moves.valid_from
            and (month_ends.snapshot_date < moves.valid_to or moves.valid_to is null)
    group by month_ends.snapshot_date
),

paying as (
    select account_id from {{ source('truth', 'mrr') }}
    where mrr > 0 and valid_to is null
),

trying as (
    select account_id from {{ source('truth', 'account_months') }}
    where is_trial and ended_at > {{ brewhouse_utils.as_of() }}
),

statuses as (
    select
        customer_status,
        count(*) as found_customers
    from (
        select
            case when customer_status = 'suspended' then 'active' else customer_status end
                as customer_status
        from {{ ref('entity_customers') }}
    ) as in_service
    group by customer_status
),

true_accounts as (
    select
        signed.account_id,
        case
            when paying.account_id is not null then 'active'
            when trying.account_id is not null then 'trial'
            else 'churned'
        end as customer_status
    from {{ source('truth', 'accounts') }} as signed
    left join paying on signed.account_id = paying.account_id
    left join trying on signed.account_id = trying.account_id
),

true_statuses as (
    select
        customer_status,
        count(*) as true_customers
    from true_accounts
    group by customer_status
)

select
    cast(month_ends.snapshot_date as {{ dbt.type_string() }}) as what,
    month_ends.found_customers,
    true_counts.true_customers
from month_ends
inner join true_counts on month_ends.snapshot_date = true_counts.snapshot_date
where month_ends.found_customers <> true_counts.true_customers
union all
select
    coalesce(statuses.customer_status, true_statuses.customer_status) as what,
    statuses.found_customers,
    true_statuses.true_customers
from statuses
full outer join true_statuses on statuses.customer_status = true_statuses.customer_status
where statuses.found_customers is distinct from true_statuses.true_customers
