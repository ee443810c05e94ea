{#- With as_of in the past, the record knows more than the dated facts up to then. -#}
{{ config(enabled=var('as_of') is none) }}

with

entity_users as (
    select * from {{ ref('entity_users') }}
),

stg_app_database__users as (
    select * from {{ ref('stg_app_database__users') }}
),

differences as (
    select
        entity_users.user_id,
        stg_app_database__users.user_id as record_user_id,
        entity_users.user_status,
        stg_app_database__users.user_status as record_status,
        entity_users.user_lifecycle_stage,
        stg_app_database__users.lifecycle_stage as record_lifecycle_stage
    from entity_users
    full outer join stg_app_database__users
        on entity_users.user_id = stg_app_database__users.user_id
    where
        entity_users.user_id is null
        or stg_app_database__users.user_id is null
        or entity_users.user_status <> stg_app_database__users.user_status
        or entity_users.user_lifecycle_stage <> stg_app_database__users.lifecycle_stage
        or entity_users.days_since_last_login
        is distinct from stg_app_database__users.days_since_last_login
)

select * from differences
