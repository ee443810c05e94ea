-- How does the revenue per paying account change, month by month?
-- asked by: finance
-- holds: count(*) between 12 and 36 and min(arpa_usd) > 299 and bool_and(mrr_usd = new_mrr_usd + old_mrr_usd) and max(arpa_usd) < 3 * min(arpa_usd)
select
    month_start_date,
    sum(active_subscription_count) as paying_accounts,
    sum(monthly_recurring_revenue) as mrr_usd,
    sum(case when start_mrr = 0 then monthly_recurring_revenue else 0 end) as new_mrr_usd,
    sum(case when start_mrr > 0 then monthly_recurring_revenue else 0 end) as old_mrr_usd,
    cast(sum(monthly_recurring_revenue) / nullif(sum(active_subscription_count), 0) as decimal(18, 2)) as arpa_usd
from entity.entity_subscriptions_monthly
group by month_start_date
having sum(active_subscription_count) > 0
order by month_start_date desc
limit 24
