-- What should customer success do this week, and for how much MRR?
-- asked by: customer success
-- holds: count(*) >= 5 and bool_and(urgent <= accounts) and sum(accounts) > 0 and count(*) = count(distinct recommended_intervention) and bool_and(mrr_usd > 0)
select
    recommended_intervention,
    count(*) as accounts,
    count(*) filter (where intervention_priority = 'urgent') as urgent,
    sum(monthly_recurring_revenue) as mrr_usd,
    min(act_within_days) as act_within_days
from mart.mart_customer_success__health
where intervention_priority in ('urgent', 'high')
group by recommended_intervention
order by urgent desc, accounts desc, recommended_intervention
