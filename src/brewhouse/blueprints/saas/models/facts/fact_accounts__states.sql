{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen(
        'valid_from', until='valid_to', key='account_id', again=ref('fact_locations__returns')
    ) }}",
) }}

{%- set sums = [
    'device_events_30d', 'device_events_90d', 'sessions_30d', 'sessions_90d', 'active_users_7d',
    'active_users_30d',
] -%}
{%- set kept_as = dict(zip(sums, sums), estate_turns='estate_number') -%}
{%- set use_30d = 'sessions_30d + device_events_30d' -%}
{%- set use_90d = '(sessions_90d + device_events_90d)' -%}
{%- set targets = var('use_targets') -%}

-- depends_on: {{ ref('fact_locations__returns') }}
with

fact_accounts__estates as (
    select * from {{ ref('fact_accounts__estates') }}
),

fact_accounts__daily_changes as (
    select * from {{ ref('fact_accounts__daily_changes') }}
),

changes as (
    {{ brewhouse_utils.changes_to_add(
        'fact_accounts__daily_changes', 'account_id', 'changed_on', kept_as
    ) }}
),

balances as (
    select
        account_id,
        is_kept,
        changed_on as valid_from,
        lead(changed_on) over earlier_days as valid_to,
        {%- for column in sums %}
        cast(sum({{ column }}) over earlier_days as integer) as {{ column }},
        {%- endfor %}
        cast(sum(estate_turns) over earlier_days as integer) as estate_number
    from changes
    window earlier_days as (partition by account_id order by changed_on)
),

states as (
    select
        balances.*,
        estates.customer_status,
        estates.usage_months,
        estates.total_users,
        estates.total_devices,
        estates.health_mrr,
        estates.health_devices,
        least(coalesce(balances.valid_to, estates.valid_to), estates.valid_to) as ends_before,
        {{ health_engagement('balances.sessions_30d', 'estates.total_users') }}
            as health_engagement,
        {{ health_activation('balances.active_users_30d', 'estates.total_users') }}
            as health_activation
    from balances
    inner join fact_accounts__estates as estates
        on
            balances.account_id = estates.account_id
            and balances.estate_number = estates.estate_number
)

select
    account_id,
    valid_from,
    ends_before as valid_to,
    estate_number,
    {%- for column in sums %}
    {{ column }},
    {%- endfor %}
    health_engagement,
    health_activation,
    {%- for source, points in {
        'sessions': churn_points_of_low_use(
            'sessions_30d', 'sessions_90d', 'usage_months', 'total_users', targets.sessions_per_user,
            'low_sessions'
        ),
        'device_use': churn_points_of_low_use(
            'device_events_30d', 'device_events_90d', 'usage_months', 'total_devices',
            targets.device_events_per_device, 'low_device_use'
        ),
        'falling_use': churn_points_of_falling_use(use_30d, use_90d, 'usage_months'),
        'idle_users': churn_points_of_share(
            'total_users - active_users_30d', 'total_users', 'idle_users'
        ),
    }.items() %}
    cast(case when customer_status <> 'churned' then {{ points }} end as decimal(4, 2))
        as churn_points_{{ source }},
    {%- endfor %}
    {{ customer_health('customer_status', [
        'health_mrr', 'health_devices', 'health_engagement', 'health_activation'
    ]) }} as customer_health_score
from states
where
    valid_from < ends_before
    and not is_kept
