-- How fast do we grow: MRR and paying customers at the end of each quarter?
-- asked by: executives
-- holds: count(*) = 12 and bool_and(mrr_usd > coalesce(mrr_quarter_before_usd, 0)) and max(mrr_usd) > 5 * min(mrr_usd) and bool_and(account_count > 0)
with

quarter_ends as (
    select
        month_start_date,
        month_end,
        sum(account_count) as account_count,
        sum(mrr) as mrr_usd
    from facts.fact_plans__months
    where extract(month from month_start_date) in (3, 6, 9, 12)
    group by month_start_date, month_end
)

select
    cast(month_end as date) as quarter_end,
    account_count,
    mrr_usd,
    lag(mrr_usd) over (order by month_start_date) as mrr_quarter_before_usd,
    cast(100.0 * (mrr_usd - lag(mrr_usd) over (order by month_start_date))
        / nullif(lag(mrr_usd) over (order by month_start_date), 0) as decimal(9, 2)) as growth_pct
from quarter_ends
order by month_start_date
