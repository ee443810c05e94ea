{%- set columns = [
    'estate_turns', 'device_events_30d', 'device_events_90d', 'sessions_30d', 'sessions_90d',
    'active_users_7d', 'active_users_30d',
] -%}

with

estates as (
    select * from {{ ref('fact_accounts__estates') }}
),

daily_usage as (
    select * from {{ ref('fact_accounts__daily_usage') }}
),

active_days as (
    select * from {{ ref('fact_users__active_days') }}
),

-- A window of thirty days takes in what happens, and lets go of it thirty days later.
changes as (
    {{ changes_of(columns, 'estates', 'valid_from', {'estate_turns': 1}) }}
    union all
    {{ changes_of(columns, 'daily_usage', 'used_on', {
        'device_events_30d': 'device_events', 'device_events_90d': 'device_events',
        'sessions_30d': 'sessions', 'sessions_90d': 'sessions',
    }) }}
    {%- for days in [30, 90] %}
    union all
    {{ changes_of(columns, 'daily_usage', 'used_on + ' ~ days, {
        'device_events_' ~ days ~ 'd': '-device_events', 'sessions_' ~ days ~ 'd': '-sessions',
    }) }}
    {%- endfor %}
    -- A user counts from the first day of a stretch until the window has run out.
    {%- for days in [7, 30] %}
    union all
    {{ changes_of(columns, 'active_days', 'active_on', {'active_users_' ~ days ~ 'd': 1}) }}
    where active_before is null or active_on > active_before + {{ days }}
    union all
    {{ changes_of(
        columns, 'active_days', 'active_on + ' ~ days, {'active_users_' ~ days ~ 'd': -1}
    ) }}
    where active_after is null or active_after > active_on + {{ days }}
    {%- endfor %}
)

select
    account_id,
    {{ sums_of(columns) }}
    changed_on
from changes
where changed_on <= cast({{ brewhouse_utils.as_of() }} as date)
group by account_id, changed_on
