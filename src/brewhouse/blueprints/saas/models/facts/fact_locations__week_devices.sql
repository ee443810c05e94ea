{{ config(materialized='view') }}

with

stg_app_database__tap_events as (
    select * from {{ ref('stg_app_database__tap_events') }}
    where event_timestamp <= {{ brewhouse_utils.as_of() }}
),

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
)

select
    stg_app_database__devices.location_id,
    {{ brewhouse_utils.week_start('stg_app_database__tap_events.event_date') }} as week_start_date,
    count(distinct stg_app_database__tap_events.device_id) as active_devices,
    count(distinct stg_app_database__tap_events.beer_type) as beverage_types_served
from stg_app_database__tap_events
inner join stg_app_database__devices
    on stg_app_database__tap_events.device_id = stg_app_database__devices.device_id
group by
    stg_app_database__devices.location_id,
    {{ brewhouse_utils.week_start('stg_app_database__tap_events.event_date') }}
