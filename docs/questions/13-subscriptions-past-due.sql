-- Which subscriptions are past due, and how much MRR do they put at risk?
-- asked by: finance
-- holds: bool_and(subscription_status = 'past_due') and bool_and(mrr_at_risk_usd in (0, mrr_usd)) and min(invoices_in_arrears) >= 1 and min(unpaid_attempts) >= 1 and max(unpaid_attempts) <= 4 * max(invoices_in_arrears)
select
    subscription_id,
    account_id,
    plan_type,
    billing_interval,
    subscription_status,
    monthly_recurring_revenue as mrr_usd,
    mrr_at_risk as mrr_at_risk_usd,
    invoices_in_arrears,
    unpaid_attempts,
    days_since_last_payment
from entity.entity_subscriptions
where invoices_in_arrears > 0 and not has_churned
order by mrr_at_risk desc, subscription_id
limit 50
