-- Which plans lose the most MRR, as a share of what they had at the start of each month of the last year?
-- asked by: finance
-- holds: count(*) = 4 and min(monthly_churn_pct) filter (where plan_type = 'starter') > min(monthly_churn_pct) filter (where plan_type = 'business') and bool_and(monthly_churn_pct between 0 and 6) and sum(churned_usd) > sum(contraction_usd)
select
    plan_type,
    sum(start_mrr) as mrr_months_usd,
    sum(churned_mrr) as churned_usd,
    sum(contraction_mrr) as contraction_usd,
    cast(100.0 * sum(churned_mrr) / nullif(sum(start_mrr), 0) as decimal(9, 3)) as monthly_churn_pct,
    cast(100.0 * sum(churned_subscription_count) / nullif(count(*) filter (where start_mrr > 0), 0)
        as decimal(9, 3)) as monthly_logo_churn_pct
from entity.entity_subscriptions_monthly
where
    month_start_date > (
        select cast(max(month_start_date) - interval '1 year' as date)
        from entity.entity_subscriptions_monthly
    )
group by plan_type
order by monthly_churn_pct desc, plan_type
