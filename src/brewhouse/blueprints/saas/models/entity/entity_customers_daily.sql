{%- set risk_sources = [
    'payment', 'contract', 'plan', 'tickets', 'devices', 'sessions', 'device_use', 'falling_use',
    'idle_users', 'falling_health',
] -%}

with

stg_app_database__accounts as (
    select * from {{ ref('stg_app_database__accounts') }}
),

fact_accounts__terms as (
    select
        *,
        row_number() over (partition by account_id order by valid_from) as term_number
    from {{ ref('fact_accounts__terms') }}
),

fact_accounts__estates as (
    select * from {{ ref('fact_accounts__estates') }}
),

fact_accounts__days as (
    select * from {{ ref('fact_accounts__days') }}
)

select 1 as x
