-- How many customers of each half-year's cohort still pay after 3, 6, 12 and 24 months?
-- asked by: executives
-- holds: count(*) between 5 and 6 and bool_and(after_3_months_pct <= 100) and max(after_3_months_pct) > max(after_12_months_pct) and max(after_12_months_pct) > max(after_24_months_pct) and min(after_3_months_pct) > 80 and min(after_12_months_pct) between 60 and 95
with

moves as (
    select
        account_id,
        changed_on,
        mrr_change,
        min(changed_on) over (partition by account_id) as first_paid_on,
        max(changed_on) over () as last_day
    from facts.fact_accounts__mrr
),

accounts as (
    select
        account_id,
        first_paid_on,
        last_day,
        sum(mrr_change) filter (where changed_on <= first_paid_on + 91) as mrr_after_3,
        sum(mrr_change) filter (where changed_on <= first_paid_on + 182) as mrr_after_6,
        sum(mrr_change) filter (where changed_on <= first_paid_on + 365) as mrr_after_12,
        sum(mrr_change) filter (where changed_on <= first_paid_on + 730) as mrr_after_24
    from moves
    group by account_id, first_paid_on, last_day
)

select
    cast(extract(year from first_paid_on) as integer) as cohort_year,
    case when extract(month from first_paid_on) <= 6 then 1 else 2 end as cohort_half,
    count(*) as customers,
    cast(100.0 * count(*) filter (where first_paid_on + 91 <= last_day and mrr_after_3 > 0)
        / nullif(count(*) filter (where first_paid_on + 91 <= last_day), 0) as decimal(9, 2)) as after_3_months_pct,
    cast(100.0 * count(*) filter (where first_paid_on + 182 <= last_day and mrr_after_6 > 0)
        / nullif(count(*) filter (where first_paid_on + 182 <= last_day), 0) as decimal(9, 2)) as after_6_months_pct,
    cast(100.0 * count(*) filter (where first_paid_on + 365 <= last_day and mrr_after_12 > 0)
        / nullif(count(*) filter (where first_paid_on + 365 <= last_day), 0) as decimal(9, 2)) as after_12_months_pct,
    cast(100.0 * count(*) filter (where first_paid_on + 730 <= last_day and mrr_after_24 > 0)
        / nullif(count(*) filter (where first_paid_on + 730 <= last_day), 0) as decimal(9, 2)) as after_24_months_pct
from accounts
group by 1, 2
order by 1, 2
