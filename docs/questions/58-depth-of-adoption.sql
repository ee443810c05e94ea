-- How healthy are the accounts that adopted many, few or no features?
-- asked by: product
-- holds: count(*) between 3 and 4 and sum(accounts) > 0 and min(features_per_account) filter (where adoption_tier = 'deep') > max(features_per_account) filter (where adoption_tier = 'broad') and min(features_per_account) filter (where adoption_tier = 'broad') > max(features_per_account) filter (where adoption_tier = 'narrow') and bool_and(features_per_account <= 24) and bool_and(health_score between 30 and 100)
select
    adoption_tier,
    count(*) as accounts,
    sum(monthly_recurring_revenue) as mrr_usd,
    cast(sum(available_features_adopted) / nullif(cast(count(*) as decimal(18, 2)), 0) as decimal(9, 2))
        as features_per_account,
    cast(sum(customer_health_score) / nullif(count(*), 0) as decimal(9, 2)) as health_score
from mart.mart_product__adoption
group by adoption_tier
order by features_per_account desc, adoption_tier
