{%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
{%- set windows = windows() -%}
{%- set since_last_change = (
    "recent_hours.hour_timestamp >= date_trunc('hour', devices.operational_status_since)"
) -%}
{%- set alerts = monitoring_signs() -%}

with

devices as (
    select * from {{ ref('entity_devices') }}
    where is_in_service
),

recent_hours as (
    select * from {{ ref('entity_devices_hourly') }}
    where hour_timestamp >= {{ windows['30d'] }}
),

recent_failures as (
    select * from {{ ref('entity_devices_history') }}
    where change_reason = 'failed' and valid_from >= {{ windows['30d'] }}
),

-- Readings from before the last failure spoke of that failure.
hour_signs as (
    select
        recent_hours.device_id,
        min(case
            when recent_hours.total_anomalies + recent_hours.alert_events > 0
                then recent_hours.hour_timestamp
        end) as first_trouble_at,
        min(case
            when recent_hours.total_anomalies > 0 and {{ since_last_change }}
                then recent_hours.hour_timestamp
        end) as first_out_of_range_at,
        {%- for kind in ['high_temperature', 'low_pressure'] %}
        min(case
            when
                recent_hours.{{ kind }}_alerts > 0
                and recent_hours.hour_timestamp >= {{ windows['7d'] }}
                then recent_hours.hour_timestamp
        end) as first_{{ kind }}_at,
        {%- endfor %}
        cast(sum(case when {{ since_last_change }} then recent_hours.total_anomalies end) as bigint)
            as readings_out_of_range
    from recent_hours
    inner join devices on recent_hours.device_id = devices.device_id
    group by recent_hours.device_id
),

failures as (
    select
        device_id,
        min(valid_from) as first_failure_at
    from recent_failures
    group by device_id
),

signs as (
    select
        devices.device_id,
        hour_signs.first_trouble_at,
        hour_signs.first_out_of_range_at,
        hour_signs.first_high_temperature_at,
        hour_signs.first_low_pressure_at,
        coalesce(hour_signs.readings_out_of_range, 0) as readings_out_of_range,
        failures.first_failure_at
    from devices
    left join hour_signs on devices.device_id = hour_signs.device_id
    left join failures on devices.device_id = failures.device_id
)

{% for kind in var('monitoring_alerts') -%}
{{ 'union all' if not loop.first }}
select
    devices.device_id,
    devices.location_id,
    devices.account_id,
    '{{ kind }}' as alert_kind,
    {{ loop.index }} as alert_rank,
    '{{ var("monitoring_alerts")[kind].severity }}' as severity,
    {{ alerts[kind].times }} as occurrences,
    {{ alerts[kind].since }} as standing_since,
    {{ brewhouse_utils.date_diff_days(alerts[kind].since, today) }} as standing_days
from devices
inner join signs on devices.device_id = signs.device_id
where {{ alerts[kind].stands }}
{% endfor %}
