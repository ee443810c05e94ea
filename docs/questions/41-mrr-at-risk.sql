-- Which ten accounts at high risk carry the most MRR, and what is the main reason?
-- asked by: customer success
-- holds: count(*) = 10 and bool_and(churn_risk_band in ('high', 'critical')) and bool_and(largest_risk_source is not null) and bool_and(contract_points = 0 or billing_cycle = 'monthly' or days_until_renewal is not null) and min(mrr_usd) > 0
select
    account_id,
    company_name,
    plan_name,
    billing_cycle,
    days_until_renewal,
    monthly_recurring_revenue as mrr_usd,
    churn_risk_score,
    churn_risk_band,
    largest_risk_source,
    churn_points_contract as contract_points,
    recommended_intervention
from mart.mart_customer_success__health
where churn_risk_band in ('high', 'critical')
order by monthly_recurring_revenue desc, account_id
limit 10
