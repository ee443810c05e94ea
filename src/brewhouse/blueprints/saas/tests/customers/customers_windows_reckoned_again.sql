{#- The windows of thirty days of the last month ends, reckoned anew from the days. -#}

with

account_days as (
    select
        account_id,
        snapshot_date,
        monthly_recurring_revenue as mrr,
        customer_health_score as health
    from {{ ref('entity_customers_daily') }}
    where snapshot_date > cast({{ brewhouse_utils.as_of() }} as date) - 240
),

month_ends as (
    select * from {{ ref('entity_customers_daily') }}
    where
        extract(day from snapshot_date + 1) = 1
        and snapshot_date > cast({{ brewhouse_utils.as_of() }} as date) - 200
),

reckoned as (
    select
        month_ends.account_id,
        month_ends.snapshot_date,
        count(*) as day_count,
        sum(account_days.mrr) as mrr_sum,
        max(account_days.mrr) as mrr_max,
        min(account_days.mrr) as mrr_min,
        stddev_pop(account_days.mrr) as mrr_deviation,
        sum(account_days.health) as health_sum
    from month_ends
    inner join account_days
        on
            month_ends.account_id = account_days.account_id
            and month_ends.snapshot_date >= account_days.snapshot_date
            and account_days.snapshot_date > month_ends.snapshot_date - 30
    group by month_ends.account_id, month_ends.snapshot_date
)

-- Of a customer that came back some days are missing, on which all was nothing.
select
    month_ends.account_id,
    month_ends.snapshot_date,
    reckoned.day_count,
    reckoned.mrr_sum,
    month_ends.avg_mrr_30d,
    reckoned.mrr_deviation,
    month_ends.mrr_volatility_30d,
    reckoned.health_sum,
    month_ends.avg_health_score_30d
from month_ends
inner join reckoned
    on
        month_ends.account_id = reckoned.account_id
        and month_ends.snapshot_date = reckoned.snapshot_date
where
    abs(reckoned.mrr_sum - month_ends.avg_mrr_30d * least(month_ends.day_sequence, 30)) > 0.16
    or abs(
        reckoned.health_sum - month_ends.avg_health_score_30d * least(month_ends.day_sequence, 30)
    )
    > 0.16
    or reckoned.mrr_max <> month_ends.max_mrr_30d
    or reckoned.day_count = least(month_ends.day_sequence, 30) and (
        reckoned.mrr_min <> month_ends.min_mrr_30d
        or abs(reckoned.mrr_deviation - month_ends.mrr_volatility_30d) > 0.01
    )
