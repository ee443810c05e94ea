-- How much of the MRR of a year ago do we still have, with and without expansion?
-- asked by: executives
-- holds: count(*) = 1 and min(gross_retention_pct) between 50 and 95 and bool_and(net_retention_pct > gross_retention_pct) and bool_and(expanded_usd - contracted_usd - lost_usd = kept_and_grown_usd - mrr_a_year_ago_usd) and min(customers_lost) > 0
with

ends as (
    select
        max(snapshot_date) as today,
        cast(max(snapshot_date) - interval '1 year' as date) as a_year_ago
    from entity.entity_customers_daily
),

accounts as (
    select
        account_id,
        coalesce(max(monthly_recurring_revenue) filter (where snapshot_date = (select a_year_ago from ends)), 0)
            as mrr_then,
        coalesce(max(monthly_recurring_revenue) filter (where snapshot_date = (select today from ends)), 0)
            as mrr_now
    from entity.entity_customers_daily
    where snapshot_date in ((select a_year_ago from ends), (select today from ends))
    group by account_id
)

select
    count(*) as customers_a_year_ago,
    count(*) filter (where mrr_now = 0) as customers_lost,
    sum(mrr_then) as mrr_a_year_ago_usd,
    sum(mrr_now) as kept_and_grown_usd,
    sum(case when mrr_now > mrr_then then mrr_now - mrr_then else 0 end) as expanded_usd,
    sum(case when mrr_now > 0 and mrr_now < mrr_then then mrr_then - mrr_now else 0 end) as contracted_usd,
    sum(case when mrr_now = 0 then mrr_then else 0 end) as lost_usd,
    cast(100.0 * sum(mrr_now) / nullif(sum(mrr_then), 0) as decimal(9, 2)) as net_retention_pct,
    cast(100.0 * sum(least(mrr_now, mrr_then)) / nullif(sum(mrr_then), 0) as decimal(9, 2)) as gross_retention_pct
from accounts
where mrr_then > 0
