-- What did we collect, refund and write off in each quarter?
-- asked by: finance
-- holds: count(*) = 12 and min(collected_usd) > 0 and sum(refunded_usd) between 0.0005 * sum(collected_usd) and 0.02 * sum(collected_usd) and sum(write_offs) < 0.01 * sum(payments) and max(collected_usd) > 5 * min(collected_usd) and bool_and(refunds < 0.05 * payments)
select
    cast(date_trunc('quarter', happened_at) as date) as quarter_start,
    sum(paid_usd) as collected_usd,
    sum(refunded_usd) as refunded_usd,
    count(*) filter (where payment_event = 'paid') as payments,
    count(*) filter (where payment_event = 'refunded') as refunds,
    count(*) filter (where payment_event = 'failed') as failed_charges,
    count(*) filter (where payment_event = 'written_off') as write_offs,
    cast(100.0 * sum(refunded_usd) / nullif(sum(paid_usd), 0) as decimal(9, 3)) as refunded_pct
from facts.fact_subscriptions__payments
group by 1
order by 1
