{{ config(materialized='view') }}

{%- set as_of = brewhouse_utils.as_of() -%}

with

fact_locations__weekly as (
    select * from {{ ref('fact_locations__weekly') }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

-- The last week ends with as_of; the others with the first moment of the next.
bounded as (
    select
        *,
        least(cast(week_start_date + 7 as timestamp), {{ as_of }}) as week_ends_at,
        cast(week_start_date as timestamp) as week_begins_at,
        cast(
            least(cast(week_start_date + 6 as date), cast({{ as_of }} as date)) - 29 as timestamp
        ) as window_begins_at,
        devices - down_devices as online_devices
    from fact_locations__weekly
),

-- Devices in service times the time, less what each of them was not there for, as of two moments.
served as (
    select
        *,
        devices * {{ epoch_seconds('week_ends_at') }} - started_seconds
        - (devices_30d_ago * {{ epoch_seconds('window_begins_at') }} - started_seconds_30d_ago)
            as service_seconds_30d,
        devices * {{ epoch_seconds('week_ends_at') }} - started_seconds
        - (
            (devices - devices_added) * {{ epoch_seconds('week_begins_at') }}
            - (started_seconds - started_seconds_added)
        ) as service_seconds
    from bounded
),

rated as (
    select
        served.*,
        {{ uptime_score('service_seconds', 'downtime_seconds') }} as weekly_uptime_percentage,
        {{ uptime_score('service_seconds_30d', 'downtime_seconds_30d') }} as uptime_percentage_30d,
        {{ performance_score('readings_30d', 'anomalies_30d') }} as performance_score_30d,
        {{ alert_score('alert_events_30d', 'devices') }} as alert_score_30d,
        {{ location_status(
            'stg_app_database__locations.closed_at', 'stg_app_database__locations.install_date',
            'open_stretches > 0', 'week_ends_at'
        ) }} as location_status,
        {{ brewhouse_utils.date_diff_days(
            'stg_app_database__locations.install_date', 'week_ends_at'
        ) }} as age_days
    from served
    inner join stg_app_database__locations
        on served.location_id = stg_app_database__locations.location_id
),

scored as (
    select
        *,
        {{ device_health_score(
            'uptime_percentage_30d', 'performance_score_30d', 'alert_score_30d'
        ) }} as operational_health_score
    from rated
)

select
    *,
    {{ location_operational_status('devices', 'down_devices') }} as operational_status,
    {{ location_activity_level('total_events_30d', 'devices') }} as activity_level,
    {{ location_volume_tier('total_volume_ml_30d', 'devices') }} as volume_tier,
    {{ location_lifecycle_stage('location_status', 'age_days') }} as location_lifecycle_stage,
    {{ brewhouse_utils.banded('operational_health_score', var('device_health_floors')) }}
        as device_health_tier
from scored
