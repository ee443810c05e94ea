with

running_terms as (
    select * from {{ ref('fact_users__service_terms') }}
    where valid_to is null
),

fact_features__catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

fact_features__adoptions as (
    select * from {{ ref('fact_features__adoptions') }}
),

-- Whoever works for an account with two running plans has the features of the better one.
best_plans as (
    select
        user_id,
        min(plan_tier) as plan_tier
    from running_terms
    group by user_id
),

used as (
    select
        best_plans.user_id,
        count(*) as features_used
    from best_plans
    inner join fact_features__adoptions
        on best_plans.user_id = fact_features__adoptions.user_id
    inner join fact_features__catalog
        on
            fact_features__adoptions.feature_name = fact_features__catalog.feature_name
            and best_plans.plan_tier <= fact_features__catalog.lowest_plan_tier
    group by best_plans.user_id
),

available as (
    select
        tiers.plan_tier,
        count(*) as features_available
    from (select distinct plan_tier from best_plans) as tiers
    inner join fact_features__catalog
        on tiers.plan_tier <= fact_features__catalog.lowest_plan_tier
    group by tiers.plan_tier
)

select
    best_plans.user_id,
    best_plans.plan_tier,
    available.features_available,
    coalesce(used.features_used, 0) as features_used
from best_plans
inner join available on best_plans.plan_tier = available.plan_tier
left join used on best_plans.user_id = used.user_id
