-- Which annual contracts end within 60 days at medium risk or more?
-- asked by: customer success
-- holds: bool_and(billing_cycle = 'annual') and min(days_until_renewal) >= 0 and max(days_until_renewal) <= 60 and bool_and(churn_risk_band <> 'low') and max(contract_ends_on) - min(contract_ends_on) = max(days_until_renewal) - min(days_until_renewal)
select
    account_id,
    company_name,
    billing_cycle,
    owner_name,
    contract_ends_on,
    days_until_renewal,
    annual_recurring_revenue as arr_usd,
    churn_risk_score,
    churn_risk_band,
    intervention_reason
from mart.mart_customer_success__health
where
    billing_cycle = 'annual'
    and days_until_renewal between 0 and 60
    and churn_risk_band <> 'low'
order by annual_recurring_revenue desc, account_id
limit 50
