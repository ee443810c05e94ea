{%- set as_of = brewhouse_utils.as_of() -%}

with

open_locations as (
    select
        location_id,
        account_id
    from {{ ref('stg_app_database__locations') }}
    where location_created_at <= {{ as_of }} and (closed_at is null or closed_at > {{ as_of }})
),

installed_devices as (
    select
        location_id,
        count(*) as devices
    from {{ ref('stg_app_database__devices') }}
    where install_date <= cast({{ as_of }} as date)
    group by location_id
)

select
    open_locations.account_id,
    count(*) as locations_in_use,
    cast(coalesce(sum(installed_devices.devices), 0) as bigint) as devices_in_use
from open_locations
left join installed_devices on open_locations.location_id = installed_devices.location_id
group by open_locations.account_id
