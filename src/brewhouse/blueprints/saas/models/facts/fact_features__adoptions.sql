with

first_uses as (
    select
        user_id,
        account_id,
        feature_name,
        usage_timestamp as first_used_at,
        usage_date as first_used_on,
        usage_id
    from {{ ref('stg_app_database__feature_usage') }}
    where
        is_first_use
        and feature_name is not null
        and usage_timestamp <= {{ brewhouse_utils.as_of() }}
),

stg_app_database__accounts as (
    select * from {{ ref('stg_app_database__accounts') }}
),

stg_app_database__users as (
    select * from {{ ref('stg_app_database__users') }}
),

fact_accounts__plan_terms as (
    select * from {{ ref('fact_accounts__plan_terms') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by account_id, feature_name order by first_used_at, usage_id
        ) as adopter_number
    from first_uses
)

select
    numbered.usage_id,
    numbered.user_id,
    numbered.account_id,
    numbered.feature_name,
    numbered.first_used_at,
    numbered.first_used_on,
    fact_accounts__plan_terms.plan_name,
    numbered.adopter_number = 1 as is_first_of_account,
    {{ brewhouse_utils.date_diff_days(
        'stg_app_database__accounts.account_created_at', 'numbered.first_used_at'
    ) }} as days_since_account_created,
    {{ brewhouse_utils.date_diff_days(
        'stg_app_database__users.user_created_at', 'numbered.first_used_at'
    ) }} as days_since_user_created
from numbered
inner join stg_app_database__accounts
    on numbered.account_id = stg_app_database__accounts.account_id
inner join stg_app_database__users on numbered.user_id = stg_app_database__users.user_id
left join fact_accounts__plan_terms
    on
        numbered.account_id = fact_accounts__plan_terms.account_id
        and numbered.first_used_on >= fact_accounts__plan_terms.valid_from
        and (
            numbered.first_used_on < fact_accounts__plan_terms.valid_to
            or fact_accounts__plan_terms.valid_to is null
        )
