with

fact_features__adoptions as (
    select * from {{ ref('fact_features__adoptions') }}
),

fact_accounts__plan_terms as (
    select * from {{ ref('fact_accounts__plan_terms') }}
),

mrr_steps as (
    select * from {{ ref('fact_accounts__plan_mrr_steps') }}
),

-- Who adopted a feature is an adopter on each plan of the account from then on, while it lasts.
adopters as (
    select
        fact_features__adoptions.feature_name,
        fact_accounts__plan_terms.plan_name,
        fact_features__adoptions.is_first_of_account,
        fact_accounts__plan_terms.valid_to,
        greatest(
            fact_features__adoptions.first_used_on, fact_accounts__plan_terms.valid_from
        ) as valid_from
    from fact_features__adoptions
    inner join fact_accounts__plan_terms
        on fact_features__adoptions.account_id = fact_accounts__plan_terms.account_id
    where
        fact_accounts__plan_terms.valid_to is null
        or fact_accounts__plan_terms.valid_to > fact_features__adoptions.first_used_on
),

changes as (
    select
        feature_name,
        plan_name,
        valid_from as changed_on,
        case when is_first_of_account then 1 else 0 end as account_count,
        1 as user_count,
        0 as mrr
    from adopters
    union all
    select
        feature_name,
        plan_name,
        valid_to as changed_on,
        case when is_first_of_account then -1 else 0 end as account_count,
        -1 as user_count,
        0 as mrr
    from adopters
    where valid_to is not null
    union all
    select
        fact_features__adoptions.feature_name,
        mrr_steps.plan_name,
        greatest(
            mrr_steps.changed_on, fact_features__adoptions.first_used_on
        ) as changed_on,
        0 as account_count,
        0 as user_count,
        mrr_steps.mrr_change as mrr
    from fact_features__adoptions
    inner join mrr_steps
        on fact_features__adoptions.account_id = mrr_steps.account_id
    where fact_features__adoptions.is_first_of_account
)

select
    feature_name,
    plan_name,
    {{ brewhouse_utils.month_start('changed_on') }} as month_start_date,
    cast(sum(account_count) as bigint) as adopter_accounts_change,
    cast(sum(user_count) as bigint) as adopter_users_change,
    cast(sum(mrr) as decimal(18, 2)) as adopters_mrr_change
from changes
group by feature_name, plan_name, {{ brewhouse_utils.month_start('changed_on') }}
