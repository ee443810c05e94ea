-- Which features do the accounts of each plan adopt?
-- asked by: product
-- holds: count(*) = 24 and max(account_adoption_pct) filter (where feature_name = 'dashboard') = max(account_adoption_pct) and bool_and(lowest_plan = 'starter' or starter_pct is null) and bool_and(lowest_plan <> 'enterprise' or business_pct is null) and bool_and(enterprise_pct between 0 and 100)
select
    feature_name,
    feature_category,
    lowest_plan,
    cast(100.0 * account_adoption_rate as decimal(9, 2)) as account_adoption_pct,
    cast(100.0 * starter_adoption_rate as decimal(9, 2)) as starter_pct,
    cast(100.0 * professional_adoption_rate as decimal(9, 2)) as professional_pct,
    cast(100.0 * business_adoption_rate as decimal(9, 2)) as business_pct,
    cast(100.0 * enterprise_adoption_rate as decimal(9, 2)) as enterprise_pct
from entity.entity_features
order by account_adoption_rate desc, feature_name
