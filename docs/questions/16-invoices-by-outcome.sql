-- What becomes of our invoices, plan by plan: paid, open or written off?
-- asked by: finance
-- holds: count(*) = 4 and bool_and(invoices = paid + in_arrears + written_off) and bool_and(paid_pct > 95) and min(written_off) >= 0 and sum(written_off) > 0
select
    plan_type,
    sum(total_invoices) as invoices,
    sum(paid_invoices) as paid,
    sum(invoices_in_arrears) as in_arrears,
    sum(written_off_invoices) as written_off,
    cast(100.0 * sum(paid_invoices) / nullif(sum(total_invoices), 0) as decimal(9, 2)) as paid_pct,
    sum(lifetime_value) as collected_usd
from entity.entity_subscriptions
group by plan_type
order by invoices desc, plan_type
