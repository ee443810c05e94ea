-- How much of our MRR hangs on the ten largest customers?
-- asked by: executives
-- holds: count(*) = 10 and bool_and(running_share_pct >= mrr_share_pct) and bool_and(mrr_usd <= coalesce(mrr_of_rank_before_usd, mrr_usd)) and max(running_share_pct) < 50
with

ranked as (
    select
        account_id,
        company_name,
        customer_tier,
        monthly_recurring_revenue as mrr_usd,
        row_number() over (order by monthly_recurring_revenue desc, account_id) as mrr_rank,
        lag(monthly_recurring_revenue) over (order by monthly_recurring_revenue desc, account_id)
            as mrr_of_rank_before_usd,
        sum(monthly_recurring_revenue) over (order by monthly_recurring_revenue desc, account_id) as running_usd,
        sum(monthly_recurring_revenue) over () as total_usd
    from entity.entity_customers
)

select
    mrr_rank,
    account_id,
    company_name,
    customer_tier,
    mrr_usd,
    mrr_of_rank_before_usd,
    cast(100.0 * mrr_usd / nullif(total_usd, 0) as decimal(9, 2)) as mrr_share_pct,
    cast(100.0 * running_usd / nullif(total_usd, 0) as decimal(9, 2)) as running_share_pct
from ranked
where mrr_rank <= 10
order by mrr_rank
