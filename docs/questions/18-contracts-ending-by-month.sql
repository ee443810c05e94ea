-- How much annual revenue comes up for renewal in each of the next 12 months?
-- asked by: finance
-- holds: count(*) between 12 and 13 and bool_and(renewing_arr_usd > 0) and bool_and(enterprise_arr_usd + other_arr_usd = renewing_arr_usd) and sum(arr_share_pct) between 99.9 and 100.1
select
    cast(date_trunc('month', contract_ends_on) as date) as month_start,
    count(*) as contracts,
    sum(annual_recurring_revenue) as renewing_arr_usd,
    sum(case when customer_tier = 1 then annual_recurring_revenue else 0 end) as enterprise_arr_usd,
    sum(case when customer_tier > 1 then annual_recurring_revenue else 0 end) as other_arr_usd,
    cast(100.0 * sum(annual_recurring_revenue) / nullif(sum(sum(annual_recurring_revenue)) over (), 0)
        as decimal(9, 2)) as arr_share_pct
from entity.entity_customers
where contract_ends_on is not null and monthly_recurring_revenue > 0
group by 1
order by 1
