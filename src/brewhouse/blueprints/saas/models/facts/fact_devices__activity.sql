{%- set recent = 'event_date >= cast(' ~ brewhouse_utils.as_of() ~ ' as date) - 29' -%}

with

readings as (
    {{ readings_of_tap_events() }}
),

lifetimes as (
    select
        device_id,
        min(event_timestamp) as first_event_at,
        max(event_timestamp) as last_event_at,
        max(case when event_type = 'pour' then event_timestamp end) as last_pour_at,
        max(case when event_type = 'maintenance' then event_timestamp end) as last_maintenance_at,
        count(*) as total_events_lifetime,
        cast(coalesce(sum(volume_ml), 0) as decimal(18, 2)) as total_volume_ml_lifetime
    from readings
    group by device_id
),

recent_readings as (
    select * from readings
    where {{ recent }}
),

months as (
    select
        device_id,
        count(distinct event_date) as active_days_30d,
        {%- for measure in event_measures() %}
        {{ brewhouse_utils.ratio(
            'sum(' ~ measure ~ ')', 'count(' ~ measure ~ ')', 2
        ) }} as avg_{{ measure }}_30d,
        cast(min({{ measure }}) as decimal(18, 2)) as min_{{ measure }}_30d,
        cast(max({{ measure }}) as decimal(18, 2)) as max_{{ measure }}_30d,
        {%- endfor %}
        {{ brewhouse_utils.count_if("event_type = 'maintenance'") }} as maintenance_events_30d
    from recent_readings
    group by device_id
)

select
    lifetimes.*,
    coalesce(months.active_days_30d, 0) as active_days_30d,
    coalesce(months.maintenance_events_30d, 0) as maintenance_events_30d,
    {{ own_columns('months', [
        'avg_flow_rate_30d', 'min_flow_rate_30d', 'max_flow_rate_30d', 'avg_temperature_30d',
        'min_temperature_30d', 'max_temperature_30d', 'avg_pressure_30d', 'min_pressure_30d',
        'max_pressure_30d',
    ]) }}
from lifetimes
left join months on lifetimes.device_id = months.device_id
