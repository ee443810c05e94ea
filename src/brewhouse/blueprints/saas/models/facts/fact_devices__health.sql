with

fact_devices__uptime as (
    select * from {{ ref('fact_devices__uptime') }}
),

fact_devices__recent_events as (
    select * from {{ ref('fact_devices__recent_events') }}
),

-- Who sent nothing lately has counts of 0.
counted as (
    select
        fact_devices__uptime.*,
        {%- for window in windows() %}
        {{ columns_or_zero('fact_devices__recent_events', device_window_columns(window)) }},
        {%- for measure in event_measures() %}
        {%- for what in ['readings', 'anomalies'] %}
        coalesce(fact_devices__recent_events.{{ measure }}_{{ what }}_{{ window }}, 0)
            as {{ measure }}_{{ what }}_{{ window }},
        {%- endfor %}
        {%- endfor %}
        {%- endfor %}
        fact_devices__recent_events.latest_alert_at
    from fact_devices__uptime
    left join fact_devices__recent_events
        on fact_devices__uptime.device_id = fact_devices__recent_events.device_id
),

-- Alerts of a device that is out of service say nothing any more: no score, and so no health.
measured as (
    select
        *,
        {%- for window in windows() %}
        {{ uptime_score('service_seconds_' ~ window, 'downtime_seconds_' ~ window) }}
            as uptime_percentage_{{ window }},
        {{ performance_score(
            '(' ~ all_readings('readings_' ~ window) ~ ')',
            '(' ~ all_readings('anomalies_' ~ window) ~ ')'
        ) }} as performance_score_{{ window }},
        {%- endfor %}
        {{ alert_score('alerts_30d', 'devices_in_service') }} as alert_score
    from counted
),

scored as (
    select
        *,
        {{ device_health_score(
            'uptime_percentage_30d', 'performance_score_30d', 'alert_score'
        ) }} as overall_device_health_score
    from measured
)

select * from scored
