-- How much MRR came back each quarter because a discount of 10, 20 or 30 percent ended?
-- asked by: finance
-- holds: count(*) between 8 and 12 and bool_and(accounts = of_10_pct + of_20_pct + of_30_pct) and sum(of_10_pct) > 0 and sum(of_20_pct) > 0 and sum(of_30_pct) > 0 and sum(regained_usd) between 0.03 * sum(expansion_usd) and 0.35 * sum(expansion_usd)
with

expansions as (
    select
        cast(date_trunc('quarter', changed_at) as date) as quarter_start,
        mrr_change,
        abs(mrr * 9 - mrr_before * 10) < 0.2 as is_10_pct,
        abs(mrr * 8 - mrr_before * 10) < 0.2 as is_20_pct,
        abs(mrr * 7 - mrr_before * 10) < 0.2 as is_30_pct
    from facts.fact_accounts__mrr
    where movement = 'expansion'
)

select
    quarter_start,
    count(*) filter (where is_10_pct or is_20_pct or is_30_pct) as accounts,
    count(*) filter (where is_10_pct) as of_10_pct,
    count(*) filter (where is_20_pct) as of_20_pct,
    count(*) filter (where is_30_pct) as of_30_pct,
    sum(case when is_10_pct or is_20_pct or is_30_pct then mrr_change else 0 end) as regained_usd,
    sum(mrr_change) as expansion_usd
from expansions
group by quarter_start
having count(*) filter (where is_10_pct or is_20_pct or is_30_pct) > 0
order by quarter_start
