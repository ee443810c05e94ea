-- What should the product team do for which accounts?
-- asked by: product
-- holds: count(*) >= 4 and sum(share_pct) between 99.9 and 100.1 and bool_and(mrr_usd >= 0)
select
    product_recommendation,
    count(*) as accounts,
    sum(monthly_recurring_revenue) as mrr_usd,
    sum(total_users) as users,
    sum(active_users_30d) as active_users,
    cast(100.0 * count(*) / nullif(sum(count(*)) over (), 0) as decimal(9, 2)) as share_pct
from mart.mart_product__adoption
group by product_recommendation
order by accounts desc, product_recommendation
