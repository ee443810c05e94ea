-- Which features do the accounts that adopted them use again every month?
-- asked by: product
-- holds: count(*) = 24 and bool_and(stickiness_pct between 0 and 100) and bool_and(adopters <= accounts_eligible) and max(stickiness_pct) filter (where feature_name = 'dashboard') >= 0.6 * max(stickiness_pct)
select
    feature_name,
    engagement_level,
    eligible_accounts as accounts_eligible,
    adopter_accounts as adopters,
    cast(100.0 * stickiness_rate as decimal(9, 2)) as stickiness_pct,
    usage_events_30d,
    feature_momentum,
    roadmap_recommendation
from entity.entity_features
order by stickiness_rate desc, feature_name
