with

catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

running_terms as (
    select * from {{ ref('fact_accounts__plan_terms') }}
    where valid_to is null
),

feature_adoption as (
    select * from {{ ref('fact_accounts__feature_adoption') }}
),

account_mrr as (
    select
        account_id,
        plan_name,
        sum(mrr_change) as mrr
    from {{ ref('fact_accounts__plan_mrr_steps') }}
    group by account_id, plan_name
),

account_users as (
    select
        account_id,
        plan_name,
        count(*) as user_count
    from {{ ref('fact_users__service_terms') }}
    where valid_to is null
    group by account_id, plan_name
),

accounts_now as (
    select
        running_terms.account_id,
        running_terms.plan_name,
        running_terms.plan_tier,
        coalesce(account_users.user_count, 0) as user_count,
        coalesce(account_mrr.mrr, 0) as mrr
    from running_terms
    left join account_users
        on
            running_terms.account_id = account_users.account_id
            and running_terms.plan_name = account_users.plan_name
    left join account_mrr
        on
            running_terms.account_id = account_mrr.account_id
            and running_terms.plan_name = account_mrr.plan_name
)

select
    catalog.feature_name,
    accounts_now.plan_name,
    accounts_now.plan_tier <= catalog.lowest_plan_tier as plan_has_feature,
    count(*) as account_count,
    cast(sum(accounts_now.user_count) as bigint) as user_count,
    cast(sum(accounts_now.mrr) as decimal(18, 2)) as mrr,
    count(feature_adoption.account_id) as adopter_accounts,
    cast(sum(coalesce(feature_adoption.user_count, 0)) as bigint) as adopter_users,
    cast(sum(
        case when feature_adoption.account_id is not null then accounts_now.mrr else 0 end
    ) as decimal(18, 2))
        as adopters_mrr,
    {{ brewhouse_utils.count_if('feature_adoption.is_used_again_30d') }}
        as accounts_used_again_30d
from accounts_now
cross join catalog
left join feature_adoption
    on
        accounts_now.account_id = feature_adoption.account_id
        and catalog.feature_name = feature_adoption.feature_name
group by
    catalog.feature_name,
    accounts_now.plan_name,
    accounts_now.plan_tier <= catalog.lowest_plan_tier
