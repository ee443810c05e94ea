-- How are customers and MRR spread over the plans, and what does a customer of each plan pay?
-- asked by: finance
-- holds: count(*) = 4 and sum(mrr_share_pct) between 99.98 and 100.02 and min(arpa_usd) filter (where plan_name = 'enterprise') > max(arpa_usd) filter (where plan_name = 'business') and min(arpa_usd) filter (where plan_name = 'business') > max(arpa_usd) filter (where plan_name = 'professional') and min(arpa_usd) filter (where plan_name = 'professional') > max(arpa_usd) filter (where plan_name = 'starter') and max(accounts_share_pct) filter (where plan_name = 'starter') between 45 and 62
select
    plan_name,
    account_count,
    user_count,
    mrr as mrr_usd,
    cast(100.0 * account_count / nullif(sum(account_count) over (), 0) as decimal(9, 2)) as accounts_share_pct,
    cast(100.0 * mrr / nullif(sum(mrr) over (), 0) as decimal(9, 2)) as mrr_share_pct,
    cast(mrr / nullif(account_count, 0) as decimal(18, 2)) as arpa_usd
from facts.fact_plans__months
where month_start_date = (select max(month_start_date) from facts.fact_plans__months)
order by mrr_usd desc, plan_name
