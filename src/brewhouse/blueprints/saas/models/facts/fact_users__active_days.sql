with

stg_app_database__user_sessions as (
    select * from {{ ref('stg_app_database__user_sessions') }}
    where start_time <= {{ brewhouse_utils.as_of() }}
),

stg_app_database__feature_usage as (
    select * from {{ ref('stg_app_database__feature_usage') }}
    where usage_timestamp <= {{ brewhouse_utils.as_of() }}
),

active_days as (
    select
        account_id,
        user_id,
        session_date as active_on
    from stg_app_database__user_sessions
    union
    select
        account_id,
        user_id,
        usage_date as active_on
    from stg_app_database__feature_usage
),

neighbours as (
    select
        account_id,
        user_id,
        active_on,
        lag(active_on) over user_days as active_before,
        lead(active_on) over user_days as active_after
    from active_days
    window user_days as (partition by user_id order by active_on, account_id)
)

select * from neighbours
