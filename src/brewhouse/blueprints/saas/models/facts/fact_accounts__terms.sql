{%- set movements = var('mrr_movements') -%}
{%- set days_followed = var('days_after_churn') + 1 -%}

with

fact_accounts__daily_status as (
    select * from {{ ref('fact_accounts__daily_status') }}
),

fact_accounts__mrr_windows as (
    select
        *,
        row_number() over (partition by account_id order by changed_on) as window_number
    from {{ ref('fact_accounts__mrr_windows') }}
),

daily_movements as (
    select
        account_id,
        changed_on,
        {%- for movement in movements %}
        sum(case when movement = '{{ movement }}' then abs(mrr_change) else 0 end)
            as {{ movement }}_mrr,
        {%- endfor %}
        {{ brewhouse_utils.last_by('movement', ['changed_at']) }} as mrr_movement
    from {{ ref('fact_accounts__mrr') }}
    group by account_id, changed_on
),

fact_accounts__turns as (
    select * from {{ ref('fact_accounts__turns') }}
)

select
    turns.account_id,
    turns.valid_from,
    -- After its end an account is followed until all windows of thirty days have run out.
    case
        when dated_status.customer_status = 'churned'
            then least(turns.valid_to, dated_status.status_since + {{ days_followed }})
        else turns.valid_to
    end as valid_to,
    dated_status.customer_status,
    dated_status.status_since,
    case when dated_status.customer_status = 'churned' then dated_status.status_since end
        as churned_on,
    case when dated_status.customer_status <> 'churned' then dated_status.service_since end
        as service_since,
    dated_status.first_subscription_date,
    dated_status.plan_name,
    dated_status.customer_tier,
    dated_status.billing_cycle,
    dated_status.active_subscriptions,
    dated_status.total_subscriptions,
    dated_status.overdue_invoices,
    case
        when turns.valid_from >= dated_status.service_since + 90 then 3
        when turns.valid_from >= dated_status.service_since + 30 then 1
        else 0
    end as usage_months,
    case
        when dated_status.billing_cycle = 'annual' and dated_status.paid_from is not null
            then turns.contract_ends_on
    end as contract_ends_on,
    turns.highest_mrr,
    windows.mrr,
    windows.mrr_30d_ago,
    windows.changed_on as mrr_windows_on,
    windows.mrr_sum_30d,
    windows.mrr_squares_30d,
    windows.max_mrr_30d,
    windows.min_mrr_30d,
    {%- for movement in movements %}
    cast(coalesce(daily_movements.{{ movement }}_mrr, 0) as decimal(18, 2)) as {{ movement }}_mrr,
    {%- endfor %}
    daily_movements.mrr_movement
from fact_accounts__turns as turns
inner join fact_accounts__daily_status as dated_status
    on
        turns.account_id = dated_status.account_id
        and turns.status_number = dated_status.status_number
inner join fact_accounts__mrr_windows as windows
    on
        turns.account_id = windows.account_id
        and turns.window_number = windows.window_number
left join daily_movements
    on
        turns.account_id = daily_movements.account_id
        and turns.valid_from = daily_movements.changed_on
