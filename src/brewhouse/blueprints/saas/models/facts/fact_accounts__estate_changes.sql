{%- set columns = [
    'total_users', 'total_locations', 'active_locations', 'total_devices', 'down_devices',
    'troubled_devices',
] -%}
{%- set as_of = brewhouse_utils.as_of() -%}

with

users as (
    select * from {{ ref('stg_app_database__users') }}
    where user_created_at <= {{ as_of }}
),

locations as (
    select * from {{ ref('stg_app_database__locations') }}
    where location_created_at <= {{ as_of }}
),

devices as (
    select
        stg_app_database__devices.account_id,
        stg_app_database__devices.install_date,
        case
            when stg_app_database__locations.closed_at <= {{ as_of }}
                then greatest(
                        cast(stg_app_database__locations.closed_at as date),
                        stg_app_database__devices.install_date
                    )
        end as retired_on
    from {{ ref('stg_app_database__devices') }} as stg_app_database__devices
    inner join {{ ref('stg_app_database__locations') }} as stg_app_database__locations
        on stg_app_database__devices.location_id = stg_app_database__locations.location_id
    where stg_app_database__devices.device_created_at <= {{ as_of }}
),

downtimes as (
    select * from {{ ref('fact_devices__downtimes') }}
    where failed_at <= {{ as_of }}
),

troubles as (
    select * from {{ ref('fact_devices__troubles') }}
),

changes as (
    {{ changes_of(columns, 'users', 'user_created_at', {'total_users': 1}) }}
    union all
    {{ changes_of(columns, 'locations', 'location_created_at', {'total_locations': 1}) }}
    union all
    {{ changes_of(columns, 'locations', 'install_date', {'active_locations': 1}) }}
    where install_date < closed_at or closed_at is null
    union all
    {{ changes_of(columns, 'locations', 'closed_at', {
        'total_locations': -1,
        'active_locations': 'case when install_date < closed_at then -1 else 0 end',
    }) }}
    where closed_at <= {{ as_of }}
    union all
    {{ changes_of(columns, 'devices', 'install_date', {'total_devices': 1}) }}
    union all
    {{ changes_of(columns, 'devices', 'retired_on', {'total_devices': -1}) }}
    where retired_on is not null
    union all
    {{ changes_of(columns, 'downtimes', 'failed_at', {'down_devices': 1}) }}
    union all
    {{ changes_of(columns, 'downtimes', 'ended_at', {'down_devices': -1}) }}
    where ended_at <= {{ as_of }}
    union all
    {{ changes_of(columns, 'troubles', 'troubled_from', {'troubled_devices': 1}) }}
    union all
    {{ changes_of(columns, 'troubles', 'calm_from', {'troubled_devices': -1}) }}
    where calm_from is not null
)

select
    account_id,
    {{ sums_of(columns) }}
    changed_on
from changes
where changed_on <= cast({{ as_of }} as date)
group by account_id, changed_on
