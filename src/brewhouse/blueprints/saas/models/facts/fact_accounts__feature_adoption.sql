{%- set in_30d = 'usage_date > cast(' ~ brewhouse_utils.as_of() ~ ' as date) - 30' -%}
with

catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

first_adoptions as (
    select * from {{ ref('fact_features__adoptions') }}
    where is_first_of_account
),

usage_records as (
    select
        stg_feature_usage.account_id,
        stg_feature_usage.feature_name,
        stg_feature_usage.user_id,
        stg_feature_usage.usage_date,
        stg_feature_usage.usage_count,
        first_adoptions.usage_id is null as is_use_again
    from {{ ref('stg_app_database__feature_usage') }} as stg_feature_usage
    left join first_adoptions on stg_feature_usage.usage_id = first_adoptions.usage_id
    where
        stg_feature_usage.feature_name is not null
        and stg_feature_usage.usage_timestamp <= {{ brewhouse_utils.as_of() }}
),

running_plans as (
    select
        account_id,
        min(plan_tier) as plan_tier,
        {{ brewhouse_utils.first_by('plan_name', ['plan_tier', 'subscription_id']) }} as plan_name
    from {{ ref('fact_accounts__plan_terms') }}
    where valid_to is null
    group by account_id
),

account_uses as (
    select
        account_id,
        feature_name,
        min(usage_date) as first_used_on,
        max(usage_date) as last_used_on,
        count(distinct user_id) as user_count,
        count(*) as usage_events,
        cast(sum(usage_count) as bigint) as uses,
        {{ brewhouse_utils.count_if(in_30d) }} as usage_events_30d,
        cast(sum(case when {{ in_30d }} then usage_count else 0 end) as bigint) as uses_30d,
        count(distinct case when {{ in_30d }} then user_id end) as users_30d,
        {{ brewhouse_utils.count_if('is_use_again and ' ~ in_30d) }} > 0 as is_used_again_30d
    from usage_records
    group by account_id, feature_name
)

select
    account_uses.account_id,
    account_uses.feature_name,
    catalog.feature_category,
    catalog.lowest_plan,
    account_uses.first_used_on,
    account_uses.last_used_on,
    account_uses.user_count,
    account_uses.usage_events,
    account_uses.uses,
    account_uses.usage_events_30d,
    account_uses.uses_30d,
    account_uses.users_30d,
    account_uses.is_used_again_30d,
    first_adoptions.plan_name as plan_at_adoption,
    first_adoptions.days_since_account_created as days_to_adoption,
    running_plans.plan_name,
    coalesce(running_plans.plan_tier <= catalog.lowest_plan_tier, false) as is_available
from account_uses
inner join catalog on account_uses.feature_name = catalog.feature_name
inner join first_adoptions
    on
        account_uses.account_id = first_adoptions.account_id
        and account_uses.feature_name = first_adoptions.feature_name
left join running_plans on account_uses.account_id = running_plans.account_id
