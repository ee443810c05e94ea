-- Did the accounts that we held for risky 90 days ago really leave more often?
-- asked by: customer success
-- holds: count(*) between 3 and 4 and min(left_pct) filter (where churn_risk_band in ('high', 'critical')) > 2 * max(left_pct) filter (where churn_risk_band = 'low') and bool_and(left_since <= customers) and min(left_pct) filter (where churn_risk_band = 'medium') >= max(left_pct) filter (where churn_risk_band = 'low')
with

ends as (
    select
        max(snapshot_date) as today,
        max(snapshot_date) - 90 as before
    from entity.entity_customers_daily
),

accounts as (
    select
        account_id,
        max(churn_risk_band) filter (where snapshot_date = (select before from ends)) as churn_risk_band,
        max(customer_status) filter (where snapshot_date = (select before from ends)) as status_then,
        max(customer_status) filter (where snapshot_date = (select today from ends)) as status_now
    from entity.entity_customers_daily
    where snapshot_date in ((select before from ends), (select today from ends))
    group by account_id
)

select
    churn_risk_band,
    count(*) as customers,
    count(*) filter (where coalesce(status_now, 'churned') = 'churned') as left_since,
    cast(100.0 * count(*) filter (where coalesce(status_now, 'churned') = 'churned') / nullif(count(*), 0)
        as decimal(9, 2)) as left_pct
from accounts
where status_then in ('active', 'suspended')
group by churn_risk_band
order by left_pct desc, churn_risk_band
