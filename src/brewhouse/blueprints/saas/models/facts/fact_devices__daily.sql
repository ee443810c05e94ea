with

readings as (
    {{ readings_of_tap_events() }}
),

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

device_days as (
    select
        device_id,
        event_date,
        {{ tap_event_sums() }},
        min(event_timestamp) as first_event_at,
        max(event_timestamp) as last_event_at,
        max(case when event_type = 'pour' then event_timestamp end) as last_pour_at,
        max(case when event_type = 'maintenance' then event_timestamp end) as last_maintenance_at
    from readings
    group by device_id, event_date
)

select
    stg_app_database__devices.location_id,
    stg_app_database__devices.account_id,
    device_days.*,
    {{ all_readings('readings') }} as readings,
    {{ all_readings('anomalies') }} as anomalies
from device_days
inner join stg_app_database__devices
    on device_days.device_id = stg_app_database__devices.device_id
