{{ config(materialized='view') }}

with

readings as (
    {{ readings_of_tap_events() }}
),

fact_devices__states as (
    select * from {{ ref('fact_devices__states') }}
),

event_hours as (
    select
        device_id as event_device_id,
        date_trunc('hour', event_timestamp) as event_hour,
        {{ tap_event_sums() }}
    from readings
    group by device_id, date_trunc('hour', event_timestamp)
),

state_hours as (
    select
        device_id as state_device_id,
        date_trunc('hour', changed_at) as state_hour,
        {{ brewhouse_utils.last_by('operational_status', ['changed_at']) }} as changed_status
    from fact_devices__states
    group by device_id, date_trunc('hour', changed_at)
),

hours as (
    select
        coalesce(event_hours.event_device_id, state_hours.state_device_id) as device_id,
        coalesce(event_hours.event_hour, state_hours.state_hour) as hour_timestamp,
        state_hours.changed_status,
        {%- for column in tap_event_sum_columns() %}
        coalesce(event_hours.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        event_hours.min_volume_ml,
        event_hours.max_volume_ml,
        {%- for measure in event_measures() %}
        event_hours.min_{{ measure }},
        event_hours.max_{{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from event_hours
    full outer join state_hours
        on
            event_hours.event_device_id = state_hours.state_device_id
            and event_hours.event_hour = state_hours.state_hour
)

select
    *,
    {{ all_readings('readings') }} as readings,
    {{ all_readings('anomalies') }} as total_anomalies,
    {{ brewhouse_utils.last_known('changed_status', 'device_id', ['hour_timestamp']) }}
        as operational_status,
    cast(sum(total_events) over (partition by device_id order by hour_timestamp) as bigint)
        as total_events_lifetime
from hours
