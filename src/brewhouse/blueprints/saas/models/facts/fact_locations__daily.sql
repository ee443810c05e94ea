with

readings as (
    {{ readings_of_tap_events() }}
),

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

fact_devices__downtime_hours as (
    select * from {{ ref('fact_devices__downtime_hours') }}
),

activity as (
    select
        stg_app_database__devices.location_id,
        readings.event_date as activity_date,
        count(*) as total_events,
        {{ brewhouse_utils.count_if("event_type = 'pour'") }} as pour_events,
        {{ brewhouse_utils.count_if("event_category in ('usage', 'reading')") }} as measured_events,
        {{ brewhouse_utils.count_if('alert_kind is not null') }} as alert_events,
        {{ brewhouse_utils.count_if('is_quality_issue') }} as quality_issues,
        count(readings.flow_rate) + count(readings.temperature) + count(readings.pressure)
            as readings,
        {{ brewhouse_utils.count_if('flow_rate_anomaly') }}
        + {{ brewhouse_utils.count_if('temperature_anomaly') }}
        + {{ brewhouse_utils.count_if('pressure_anomaly') }} as anomalies,
        count(readings.flow_rate) as flow_rate_readings,
        cast(coalesce(sum(readings.flow_rate), 0) as decimal(18, 2)) as flow_rate_sum,
        cast(coalesce(sum(readings.volume_ml), 0) as decimal(18, 2)) as total_volume_ml
    from readings
    inner join stg_app_database__devices
        on readings.device_id = stg_app_database__devices.device_id
    group by stg_app_database__devices.location_id, readings.event_date
),

downtime as (
    select
        location_id,
        cast(hour_timestamp as date) as activity_date,
        cast(sum(downtime_seconds) as bigint) as downtime_seconds
    from fact_devices__downtime_hours
    group by location_id, cast(hour_timestamp as date)
)

select
    coalesce(activity.location_id, downtime.location_id) as location_id,
    coalesce(activity.activity_date, downtime.activity_date) as activity_date,
    {{ columns_or_zero('activity', location_day_columns()) }},
    coalesce(downtime.downtime_seconds, 0) as downtime_seconds
from activity
full outer join downtime
    on
        activity.location_id = downtime.location_id
        and activity.activity_date = downtime.activity_date
