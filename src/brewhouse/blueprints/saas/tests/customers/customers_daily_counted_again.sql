{#- The numbers of each month's last day, counted anew from events and things themselves. -#}
{%- set counts = [
    'device_events_30d', 'sessions_30d', 'active_users_30d', 'active_users_7d', 'total_users', 'total_devices',
    'healthy_devices', 'down_devices', 'total_locations', 'active_locations', 'open_tickets',
    'tickets_opened_30d', 'failed_payments_30d',
] -%}

with

days as (
    select distinct snapshot_date as day_on
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
    select
        account_id,
        user_id,
        session_date as day_on
    from {{ ref('stg_app_database__user_sessions') }}
    union
    select
        account_id,
        user_id,
        usage_date as day_on
    from {{ ref('stg_app_database__feature_usage') }}
),

account_tickets as (
    select
        known.account_id,
        tickets.created_at,
        tickets.closed_at
    from {{ ref('stg_hubspot__tickets') }} as tickets
    inner join {{ ref('stg_app_database__accounts') }} as known
        on tickets.hubspot_company_id = known.hubspot_company_id
),

stopped_devices as (
    select
        days.day_on,
        devices.account_id,
        devices.device_id,
        max(
            case
                when
                    downtimes.ended_at is null or cast(downtimes.ended_at as date) > days.day_on
                    then 1
                else 0
            end
        )
            as is_down
    from {{ ref('fact_devices__downtimes') }} as downtimes
    inner join devices on downtimes.device_id = devices.device_id
    inner join days
        on
            cast(downtimes.failed_at as date) <= days.day_on
            and (downtimes.ended_at is null or cast(downtimes.ended_at as date) > days.day_on - 30)
            and (devices.closed_on is null or devices.closed_on > days.day_on)
    group by days.day_on, devices.account_id, devices.device_id
),

recounted as (
    select
        days.day_on,
        devices.account_id,
        'device_events_30d' as what,
        count(*) as counted
    from {{ ref('stg_app_database__tap_events') }} as events
    inner join devices on events.device_id = devices.device_id
    inner join days on events.event_date <= days.day_on and events.event_date > days.day_on - 30
    group by days.day_on, devices.account_id
    union all
    select
        days.day_on,
        sessions.account_id,
        'sessions_30d' as what,
        count(*) as counted
    from {{ ref('stg_app_database__user_sessions') }} as sessions
    inner join
        days
        on sessions.session_date <= days.day_on and sessions.session_date > days.day_on - 30
    group by days.day_on, sessions.account_id
    {%- for window in [7, 30] %}
    union all
    select
        days.day_on,
        user_days.account_id,
        'active_users_{{ window }}d' as what,
        count(distinct user_days.user_id) as counted
    from user_days
    inner join
        days
        on user_days.day_on <= days.day_on and user_days.day_on > days.day_on - {{ window }}
    group by days.day_on, user_days.account_id
    {%- endfor %}
    union all
    select
        days.day_on,
        created_users.account_id,
        'total_users' as what,
        count(*) as counted
    from {{ ref('stg_app_database__users') }} as created_users
    inner join days on cast(created_users.user_created_at as date) <= days.day_on
    group by days.day_on, created_users.account_id
    union all
    select
        days.day_on,
        devices.account_id,
        'total_devices' as what,
        count(*) as counted
    from devices
    inner join days
        on devices.install_date <= days.day_on
            and (devices.closed_on is null or devices.closed_on > days.day_on)
    group by days.day_on, devices.account_id
    union all
    select
        day_on,
        account_id,
        'healthy_devices' as what,
        -count(*) as counted
    from stopped_devices
    group by day_on, account_id
    union all
    select
        day_on,
        account_id,
        'down_devices' as what,
        sum(is_down) as counted
    from stopped_devices
    group by day_on, account_id
    {%- for column, begins_on in {
        'total_locations': 'location_created_at', 'active_locations': 'install_date'
    }.items() %}
    union all
    select
        days.day_on,
        locations.account_id,
        '{{ column }}' as what,
        count(*) as counted
    from {{ ref('stg_app_database__locations') }} as locations
    inner join days
        on
            cast(locations.{{ begins_on }} as date) <= days.day_on
            and (locations.closed_at is null or cast(locations.closed_at as date) > days.day_on)
    group by days.day_on, locations.account_id
    {%- endfor %}
    union all
    select
        days.day_on,
        account_tickets.account_id,
        'open_tickets' as what,
        count(*) as counted
    from account_tickets
    inner join days
        on
            cast(account_tickets.created_at as date) <= days.day_on
            and (
                account_tickets.closed_at is null
                or cast(account_tickets.closed_at as date) > days.day_on
            )
    group by days.day_on, account_tickets.account_id
    union all
    select
        days.day_on,
        account_tickets.account_id,
        'tickets_opened_30d' as what,
        count(*) as counted
    from account_tickets
    inner join days
        on
            cast(account_tickets.created_at as date) <= days.day_on
            and cast(account_tickets.created_at as date) > days.day_on - 30
    group by days.day_on, account_tickets.account_id
    union all
    select
        days.day_on,
        charges.account_id,
        'failed_payments_30d' as what,
        count(*) as counted
    from {{ ref('stg_stripe__charges') }} as charges
    inner join days
        on
            charges.status = 'failed'
            and cast(charges.stripe_charge_created_at as date) <= days.day_on
            and cast(charges.stripe_charge_created_at as date) > days.day_on - 30
    group by days.day_on, charges.account_id
),

expected as (
    select
        {%- for column in counts %}
        sum(case when what = '{{ column }}' then counted else 0 end) as {{ column }},
        {%- endfor %}
        day_on,
        account_id
    from recounted
    group by day_on, account_id
),

differences as (
    select
        {%- for column in counts %}
        found.{{ column }} as found_{{ column }},
        coalesce(expected.{{ column }}, 0)
        {{ '+ coalesce(expected.total_devices, 0)' if column == 'healthy_devices' }}
            as expected_{{ column }},
        {%- endfor %}
        found.snapshot_date,
        found.account_id
    from {{ ref('entity_customers_daily') }} as found
    inner join days on found.snapshot_date = days.day_on
    left join expected
        on
            found.snapshot_date = expected.day_on
            and found.account_id = expected.account_id
)

select *
from differences
where
    {%- for column in counts %}
    found_{{ column }} <> expected_{{ column }} or
    {%- endfor %}
    found_total_users < 0
