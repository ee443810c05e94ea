-- What share of the customers of a year ago have we lost, by tier?
-- asked by: executives
-- holds: count(*) = 4 and sum(lost) < 0.4 * sum(customers) and min(logo_churn_pct) filter (where customer_tier = 4) > min(logo_churn_pct) filter (where customer_tier = 2) and bool_and(lost <= customers)
with

ends as (
    select
        max(snapshot_date) as today,
        cast(max(snapshot_date) - interval '1 year' as date) as a_year_ago
    from entity.entity_customers_daily
),

accounts as (
    select
        account_id,
        max(customer_tier) filter (where snapshot_date = (select a_year_ago from ends)) as customer_tier,
        coalesce(max(monthly_recurring_revenue) filter (where snapshot_date = (select a_year_ago from ends)), 0)
            as mrr_then,
        coalesce(max(monthly_recurring_revenue) filter (where snapshot_date = (select today from ends)), 0)
            as mrr_now
    from entity.entity_customers_daily
    where snapshot_date in ((select a_year_ago from ends), (select today from ends))
    group by account_id
)

select
    customer_tier,
    count(*) as customers,
    count(*) filter (where mrr_now = 0) as lost,
    cast(100.0 * count(*) filter (where mrr_now = 0) / nullif(count(*), 0) as decimal(9, 2)) as logo_churn_pct,
    cast(100.0 * sum(case when mrr_now = 0 then mrr_then else 0 end) / nullif(sum(mrr_then), 0) as decimal(9, 2))
        as mrr_churn_pct
from accounts
where mrr_then > 0
group by customer_tier
order by customer_tier
