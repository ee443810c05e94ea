{%- set as_of = brewhouse_utils.as_of() -%}

with

stg_app_database__user_sessions as (
    select * from {{ ref('stg_app_database__user_sessions') }}
    where start_time <= {{ as_of }}
),

stg_app_database__feature_usage as (
    select * from {{ ref('stg_app_database__feature_usage') }}
    where usage_timestamp <= {{ as_of }}
),

fact_users__active_days as (
    select * from {{ ref('fact_users__active_days') }}
    where active_on > cast({{ as_of }} as date) - 30
),

uses as (
    select
        account_id,
        start_time as used_at
    from stg_app_database__user_sessions
    union all
    select
        account_id,
        usage_timestamp as used_at
    from stg_app_database__feature_usage
),

last_uses as (
    select
        account_id,
        max(used_at) as last_user_activity
    from uses
    group by account_id
),

user_days as (
    select
        account_id,
        user_id,
        least(count(*), {{ var('engaged_days_30d') }}) as engaged_days
    from fact_users__active_days
    group by account_id, user_id
),

account_days as (
    select
        account_id,
        cast(sum(engaged_days) as bigint) as engaged_days_30d
    from user_days
    group by account_id
)

select
    last_uses.account_id,
    last_uses.last_user_activity,
    coalesce(account_days.engaged_days_30d, 0) as engaged_days_30d
from last_uses
left join account_days
    on last_uses.account_id = account_days.account_id
