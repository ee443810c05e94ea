-- How often does a charge succeed at the first attempt, and how often do the retries help?
-- asked by: finance
-- holds: count(*) = 4 and min(success_pct) filter (where attempt_number = 1) between 93 and 98.5 and bool_and(attempt_number = 1 or success_pct between 35 and 60) and bool_and(charges <= coalesce(charges_before, charges))
select
    attempt_number,
    count(*) as charges,
    lag(count(*)) over (order by attempt_number) as charges_before,
    count(*) filter (where is_paid) as paid,
    sum(charge_amount_usd) filter (where is_paid) as collected_usd,
    cast(100.0 * count(*) filter (where is_paid) / nullif(count(*), 0) as decimal(9, 2)) as success_pct
from facts.fact_subscriptions__charges
group by attempt_number
order by attempt_number
