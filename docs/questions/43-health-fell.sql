-- Whose health fell by 20 points or more within 30 days?
-- asked by: customer success
-- holds: max(health_change) <= -20 and bool_and(health_score_30d_ago + health_change = customer_health_score) and bool_and(customer_status <> 'churned') and count(*) = count(distinct account_id)
select
    account_id,
    company_name,
    customer_status,
    owner_name,
    monthly_recurring_revenue as mrr_usd,
    customer_health_score_30d_ago as health_score_30d_ago,
    customer_health_score,
    health_score_30d_change as health_change,
    health_band,
    recommended_intervention
from mart.mart_customer_success__health
where health_score_30d_change <= -20
order by monthly_recurring_revenue desc, account_id
limit 50
