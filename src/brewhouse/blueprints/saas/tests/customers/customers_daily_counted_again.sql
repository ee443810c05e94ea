{#- The running numbers of the last day of each month, counted anew from the events and things themselves. -#}
{%- set counts = [
    'device_events_30d', 'sessions_30d', 'active_users_30d', 'active_users_7d', 'total_users', 'total_devices',
    'healthy_devices', 'down_devices', 'total_locations', 'active_locations', 'open_tickets',
    'tickets_opened_30d', 'failed_payments_30d',
] -%}

with

days as (
    select distinct snapshot_date as day
    from {{ ref('entity_customers_daily') }}
    where
        extract(day from snapshot_date + 1) = 1
        or snapshot_date = cast({{ brewhouse_utils.as_of() }} as date)
),

devices as (
    select
        devices.device_id,
        devices.account_id,
        devices.install_date,
        cast(locations.closed_at as date) as closed_on
    from {{ ref('stg_app_database__devices') }} as devices
    inner join {{ ref('stg_app_database__locations') }} as locations
        on devices.location_id = locations.location_id
),

user_days as (
    select account_id, user_id, session_date as day from {{ ref('stg_app_database__user_sessions') }}
    union
    select account_id, user_id, usage_date as day from {{ ref('stg_app_database__feature_usage') }}
),

account_tickets as (
    select accounts.account_id, tickets.created_at, tickets.closed_at
    from {{ ref('stg_hubspot__tickets') }} as tickets
    inner join {{ ref('stg_app_database__accounts') }} as accounts
        on tickets.hubspot_company_id = accounts.hubspot_company_id
),

stopped_devices as (
    select
        days.day,
        devices.account_id,
        devices.device_id,
        max(case when downtimes.ended_at is null or cast(downtimes.ended_at as date) > days.day then 1 else 0 end)
            as is_down
    from {{ ref('fact_devices__downtimes') }} as downtimes
    inner join devices on downtimes.device_id = devices.device_id
    inner join days
        on
            cast(downtimes.failed_at as date) <= days.day
            and (downtimes.ended_at is null or cast(downtimes.ended_at as date) > days.day - 30)
            and (devices.closed_on is null or devices.closed_on > days.day)
    group by days.day, devices.account_id, devices.device_id
),

recounted as (
    select days.day, devices.account_id, 'device_events_30d' as what, count(*) as number
    from {{ ref('stg_app_database__tap_events') }} as events
    inner join devices on events.device_id = devices.device_id
    inner join days on events.event_date <= days.day and events.event_date > days.day - 30
    group by days.day, devices.account_id
    union all
    select days.day, sessions.account_id, 'sessions_30d', count(*)
    from {{ ref('stg_app_database__user_sessions') }} as sessions
    inner join days on sessions.session_date <= days.day and sessions.session_date > days.day - 30
    group by days.day, sessions.account_id
    {%- for window in [7, 30] %}
    union all
    select days.day, user_days.account_id, 'active_users_{{ window }}d', count(distinct user_days.user_id)
    from user_days
    inner join days on user_days.day <= days.day and user_days.day > days.day - {{ window }}
    group by days.day, user_days.account_id
    {%- endfor %}
    union all
    select days.day, users.account_id, 'total_users', count(*)
    from {{ ref('stg_app_database__users') }} as users
    inner join days on cast(users.user_created_at as date) <= days.day
    group by days.day, users.account_id
    union all
    select days.day, devices.account_id, 'total_devices', count(*)
    from devices
    inner join days
        on devices.install_date <= days.day and (devices.closed_on is null or devices.closed_on > days.day)
    group by days.day, devices.account_id
    union all
    select day, account_id, 'healthy_devices', -count(*) from stopped_devices group by day, account_id
    union all
    select day, account_id, 'down_devices', sum(is_down) from stopped_devices group by day, account_id
    {%- for column, begins_on in {'total_locations': 'location_created_at', 'active_locations': 'install_date'}.items() %}
    union all
    select days.day, locations.account_id, '{{ column }}', count(*)
    from {{ ref('stg_app_database__locations') }} as locations
    inner join days
        on
            cast(locations.{{ begins_on }} as date) <= days.day
            and (locations.closed_at is null or cast(locations.closed_at as date) > days.day)
    group by days.day, locations.account_id
    {%- endfor %}
    union all
    select days.day, account_tickets.account_id, 'open_tickets', count(*)
    from account_tickets
    inner join days
        on
            cast(account_tickets.created_at as date) <= days.day
            and (account_tickets.closed_at is null or cast(account_tickets.closed_at as date) > days.day)
    group by days.day, account_tickets.account_id
    union all
    select days.day, account_tickets.account_id, 'tickets_opened_30d', count(*)
    from account_tickets
    inner join days
        on
            cast(account_tickets.created_at as date) <= days.day
            and cast(account_tickets.created_at as date) > days.day - 30
    group by days.day, account_tickets.account_id
    union all
    select days.day, charges.account_id, 'failed_payments_30d', count(*)
    from {{ ref('stg_stripe__charges') }} as charges
    inner join days
        on
            charges.status = 'failed'
            and cast(charges.stripe_charge_created_at as date) <= days.day
            and cast(charges.stripe_charge_created_at as date) > days.day - 30
    group by days.day, charges.account_id
),

expected as (
    select
        day,
        account_id,
        {%- for column in counts %}
        sum(case when what = '{{ column }}' then number else 0 end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from recounted
    group by day, account_id
),

differences as (
    select
        found.snapshot_date,
        found.account_id
        {%- for column in counts %},
        found.{{ column }} as found_{{ column }},
        coalesce(expected.{{ column }}, 0)
        {{ '+ coalesce(expected.total_devices, 0)' if column == 'healthy_devices' }} as expected_{{ column }}
        {%- endfor %}
    from {{ ref('entity_customers_daily') }} as found
    inner join days on found.snapshot_date = days.day
    left join expected
        on
            found.snapshot_date = expected.day
            and found.account_id = expected.account_id
)

select *
from differences
where
    {%- for column in counts %}
    {{ 'or ' if not loop.first }}found_{{ column }} <> expected_{{ column }}
    {%- endfor %}
