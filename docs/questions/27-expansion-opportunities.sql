-- Where are our expansion opportunities?
-- asked by: sales
-- holds: count(*) = 25 and bool_and(expansion_opportunity = 'strong') and min(expansion_opportunity_score) >= 50 and count(*) = count(distinct account_id) and bool_and(customer_status = 'active')
select
    account_id,
    company_name,
    owner_name,
    plan_name,
    customer_status,
    monthly_recurring_revenue as mrr_usd,
    expansion_opportunity,
    expansion_opportunity_score,
    customer_health_score,
    open_locations,
    expansion_candidates
from mart.mart_customer_success__health
where expansion_opportunity = 'strong' and customer_status = 'active'
order by expansion_opportunity_score desc, monthly_recurring_revenue desc, account_id
limit 25
