with

fact_accounts__status as (
    select * from {{ ref('fact_accounts__status') }}
),

placed as (
    select
        *,
        row_number() over (
            partition by account_id, changed_on order by changed_at desc
        ) as place_from_last
    from fact_accounts__status
),

last_of_day as (
    select
        *,
        coalesce(
            lag(customer_status) over (partition by account_id order by changed_on), 'none'
        ) as prior_status,
        lead(changed_on) over (partition by account_id order by changed_on) as next_changed_on
    from placed
    where place_from_last = 1
)

select
    account_id,
    changed_on,
    next_changed_on,
    row_number() over earlier_days as status_number,
    customer_status,
    max(case when customer_status <> prior_status then changed_on end)
        over earlier_days as status_since,
    max(
        case
            when prior_status in ('none', 'churned') and customer_status <> 'churned'
                then changed_on
        end
    ) over earlier_days as service_since,
    min(paid_from) over earlier_days as first_subscription_date,
    plan_name,
    customer_tier,
    billing_cycle,
    paid_from,
    active_subscriptions,
    total_subscriptions,
    overdue_invoices
from last_of_day
window earlier_days as (partition by account_id order by changed_on)
