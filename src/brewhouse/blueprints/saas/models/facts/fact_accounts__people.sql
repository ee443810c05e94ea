with

stg_app_database__users as (
    select * from {{ ref('stg_app_database__users') }}
    where user_created_at <= {{ brewhouse_utils.as_of() }}
),

stg_app_database__user_sessions as (
    select * from {{ ref('stg_app_database__user_sessions') }}
    where start_time <= {{ brewhouse_utils.as_of() }}
),

people as (
    select
        account_id,
        count(*) as account_users
    from stg_app_database__users
    group by account_id
),

visits as (
    select
        account_id,
        count(distinct case when start_time >= {{ windows()['30d'] }} then user_id end)
            as account_active_users_30d,
        max(start_time) as latest_account_session_at
    from stg_app_database__user_sessions
    group by account_id
)

select
    people.account_id,
    people.account_users,
    coalesce(visits.account_active_users_30d, 0) as account_active_users_30d,
    visits.latest_account_session_at
from people
left join visits on people.account_id = visits.account_id
