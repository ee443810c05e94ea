-- Which features go with the highest customer health?
-- asked by: product
-- holds: count(*) between 15 and 24 and bool_and(adopters + others = eligible) and max(adopters) filter (where feature_name = 'dashboard') = max(adopters) and bool_and(health_difference between -20 and 20) and max(health_difference) > min(health_difference)
with

adoption as (
    select
        features.feature_name,
        features.is_adopted,
        accounts.customer_health_score
    from facts.fact_accounts__features as features
    inner join entity.entity_customers as accounts on features.account_id = accounts.account_id
    where features.is_available and accounts.customer_status = 'active'
)

select
    feature_name,
    count(*) as eligible,
    count(*) filter (where is_adopted) as adopters,
    count(*) filter (where not is_adopted) as others,
    cast(
        sum(case when is_adopted then customer_health_score end) / nullif(count(*) filter (where is_adopted), 0)
        - sum(case when not is_adopted then customer_health_score end)
        / nullif(count(*) filter (where not is_adopted), 0) as decimal(9, 2)
    ) as health_difference
from adoption
group by feature_name
having count(*) filter (where is_adopted) >= 10 and count(*) filter (where not is_adopted) >= 10
order by health_difference desc, feature_name
