with

stg_app_database__users as (
    select * from {{ ref('stg_app_database__users') }}
    where user_created_at <= {{ brewhouse_utils.as_of() }}
),

fact_accounts__plan_terms as (
    select * from {{ ref('fact_accounts__plan_terms') }}
),

-- A term of the account counts for a user from the day on which the user is there.
terms as (
    select
        stg_app_database__users.user_id,
        fact_accounts__plan_terms.account_id,
        fact_accounts__plan_terms.plan_name,
        fact_accounts__plan_terms.plan_tier,
        greatest(
            fact_accounts__plan_terms.valid_from,
            cast(stg_app_database__users.user_created_at as date)
        ) as valid_from,
        fact_accounts__plan_terms.valid_to
    from stg_app_database__users
    inner join fact_accounts__plan_terms
        on stg_app_database__users.account_id = fact_accounts__plan_terms.account_id
)

select
    user_id,
    account_id,
    plan_name,
    plan_tier,
    valid_from,
    valid_to
from terms
where valid_to is null or valid_from < valid_to
