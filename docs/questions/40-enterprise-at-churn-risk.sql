-- Which enterprise customers are most likely to leave?
-- asked by: customer success
-- holds: count(*) between 1 and 15 and bool_and(plan_name = 'enterprise') and count(*) = count(distinct account_id) and max(churn_risk_score) > min(churn_risk_score) and bool_and(churn_risk_score between 0 and 100)
select
    account_id,
    company_name,
    plan_name,
    owner_name,
    monthly_recurring_revenue as mrr_usd,
    churn_risk_score,
    churn_risk_band,
    largest_risk_source,
    recommended_intervention
from mart.mart_customer_success__health
where customer_tier = 1
order by churn_risk_score desc, account_id
limit 15
