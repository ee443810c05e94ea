{%- set as_of_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}

with

fact_accounts__daily_status as (
    select * from {{ ref('fact_accounts__daily_status') }}
),

fact_accounts__contract_years as (
    select * from {{ ref('fact_accounts__contract_years') }}
),

fact_accounts__mrr_windows as (
    select * from {{ ref('fact_accounts__mrr_windows') }}
),

turning_days as (
    select
        account_id,
        changed_on
    from fact_accounts__daily_status
    union
    select
        account_id,
        service_since + 30 as changed_on
    from fact_accounts__daily_status
    union
    select
        account_id,
        service_since + 90 as changed_on
    from fact_accounts__daily_status
    union
    select
        account_id,
        changed_on
    from fact_accounts__mrr_windows
    union
    select
        account_id,
        contract_begins_on as changed_on
    from fact_accounts__contract_years
    union
    select
        account_id,
        contract_ends_on - {{ var('renewal_window_days') }} as changed_on
    from fact_accounts__contract_years
),

turns as (
    select
        turning_days.account_id,
        turning_days.changed_on as valid_from,
        lead(turning_days.changed_on, 1, {{ as_of_day }} + 1) over earlier_days as valid_to,
        count(status_days.status_number) over earlier_days as status_number,
        count(window_days.changed_on) over earlier_days as window_number,
        max(contract_days.contract_ends_on) over earlier_days as contract_ends_on,
        cast(max(window_days.mrr) over earlier_days as decimal(18, 2)) as highest_mrr
    from turning_days
    left join fact_accounts__daily_status as status_days
        on
            turning_days.account_id = status_days.account_id
            and turning_days.changed_on = status_days.changed_on
    left join fact_accounts__mrr_windows as window_days
        on
            turning_days.account_id = window_days.account_id
            and turning_days.changed_on = window_days.changed_on
    left join fact_accounts__contract_years as contract_days
        on
            turning_days.account_id = contract_days.account_id
            and turning_days.changed_on = contract_days.contract_begins_on
    where turning_days.changed_on <= {{ as_of_day }}
    window earlier_days as (
        partition by turning_days.account_id order by turning_days.changed_on
    )
)

select * from turns
