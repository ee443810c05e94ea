with

readings as (
    {{ readings_of_tap_events() }}
),

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
)

select
    stg_app_database__devices.location_id,
    count(distinct readings.event_date) as active_days_30d,
    count(distinct readings.beer_type) as beverage_types_served_30d,
    {{ brewhouse_utils.count_if("readings.event_type = 'pour'") }} as pour_events_30d,
    {{ brewhouse_utils.ratio('sum(readings.flow_rate)', 'count(readings.flow_rate)', 2) }}
        as avg_flow_rate_30d
from readings
inner join stg_app_database__devices
    on readings.device_id = stg_app_database__devices.device_id
where readings.event_timestamp >= {{ windows()['30d'] }}
group by stg_app_database__devices.location_id
