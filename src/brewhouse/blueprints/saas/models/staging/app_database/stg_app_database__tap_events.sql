with

base_tap_events as (
    select * from {{ ref('base_app_database__tap_events') }}
),

base_locations as (
    select * from {{ ref('base_app_database__locations') }}
),

-- The clock on the wall of the venue: UTC if its time zone is not known.
events_with_clock as (
    select
        base_tap_events.*,
        {{ brewhouse_utils.local_time(
            'base_tap_events.event_timestamp', "coalesce(base_locations.timezone, 'UTC')"
        ) }} as event_local_time
    from base_tap_events
    left join base_locations
        on
            base_tap_events.location_id = base_locations.location_id
            and base_locations.data_quality_flag = 'valid'
    where base_tap_events.data_quality_flag = 'valid'
),

converted as (
    select
        -- ids
        tap_event_id,
        {{ brewhouse_utils.surrogate_key(['tap_event_id']) }} as tap_event_key,
        device_id,
        location_id,
        keg_id,

        -- text
        event_type,
        event_status,
        device_category,
        {{ brewhouse_utils.mapped('event_type', var('tap_event_categories'), 'other') }}
            as event_category,
        beer_type,
        device_state,
        case when alert not in ('true', 'false') then alert end as alert_kind,
        cleaning_type,

        -- numerics
        {{ brewhouse_utils.millilitres('pour_ounces') }} as volume_ml,
        pour_ounces as volume_oz,
        {{ brewhouse_utils.millilitres('flow_rate_oz_per_second') }} as flow_rate_ml_per_sec,
        {{ brewhouse_utils.celsius('temperature_f') }} as temperature_c,
        {{ brewhouse_utils.celsius('target_temperature_f') }} as target_temperature_c,
        pressure_psi,
        target_pressure_psi,
        keg_level_percent,
        {{ brewhouse_utils.millilitres('keg_remaining_oz') }} as keg_remaining_ml,
        cast(coalesce(duration_seconds, duration_minutes * 60) as decimal(18, 4))
            as duration_seconds,
        uptime_hours,
        cast(error_count as bigint) as error_count,

        -- booleans
        event_status = 'ok' as is_successful,
        event_status = 'error' as is_error,
        {{ brewhouse_utils.outside('temperature_f', var('temperature_range_f')) }}
            as temperature_anomaly,
        {{ brewhouse_utils.outside('pressure_psi', var('pressure_range_psi')) }}
            as pressure_anomaly,
        {{ brewhouse_utils.outside('flow_rate_oz_per_second', var('flow_range_oz_per_second')) }}
            as flow_anomaly,
        event_timestamp is null as missing_timestamp,
        is_late,

        -- times
        event_timestamp,
        cast(event_timestamp as date) as event_date,
        {{ brewhouse_utils.hour_of_day('event_timestamp') }} as event_hour,
        {{ brewhouse_utils.day_of_week('event_timestamp') }} as event_day_of_week,
        event_local_time,
        {{ brewhouse_utils.banded(
            brewhouse_utils.hour_of_day('event_local_time'), var('business_period_floors')
        ) }} as business_period,
        record_created_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from events_with_clock
)

select * from converted
