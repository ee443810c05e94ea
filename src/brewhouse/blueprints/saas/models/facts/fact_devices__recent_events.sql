{%- set windows = windows() -%}

with

readings as (
    {{ readings_of_tap_events() }}
),

recent_readings as (
    select
        *,
        {{ brewhouse_utils.mapped('alert_kind', var('device_alert_severities'), 'info') }}
            as severity
    from readings
    where event_timestamp >= least({{ windows.values() | join(', ') }})
),

recent_events as (
    select
        device_id,
        {%- for window, window_start in windows.items() %}
        {%- set counts = {
            'events': 'true',
            'pour_events': "event_type = 'pour'",
            'measured_events': "event_category in ('usage', 'reading')",
            'quality_issues': 'is_quality_issue',
            'alerts': 'alert_kind is not null',
        } %}
        {%- for kind in var('device_alerts_seen') %}
        {%- do counts.update({kind ~ '_alerts': "alert_kind = '" ~ kind ~ "'"}) %}
        {%- endfor %}
        {%- for severity in var('alert_severities') %}
        {%- do counts.update({
            severity ~ '_alerts': "alert_kind is not null and severity = '" ~ severity ~ "'"
        }) %}
        {%- endfor %}
        {%- set recent = 'event_timestamp >= ' ~ window_start %}
        {%- for column, condition in counts.items() %}
        {{ brewhouse_utils.count_if(recent ~ ' and ' ~ condition) }} as {{ column }}_{{ window }},
        {%- endfor %}
        {%- for measure in event_measures() %}
        count(case when {{ recent }} then {{ measure }} end) as {{ measure }}_readings_{{ window }},
        {{ brewhouse_utils.count_if(recent ~ ' and ' ~ measure ~ '_anomaly') }}
            as {{ measure }}_anomalies_{{ window }},
        {%- endfor %}
        cast(coalesce(sum(case when {{ recent }} then volume_ml end), 0) as decimal(18, 2))
            as volume_ml_{{ window }},
        count(distinct case
            when {{ recent }} and alert_kind is not null
                then date_trunc('hour', event_timestamp)
        end) as alert_hours_{{ window }},
        {%- endfor %}
        max(case when alert_kind is not null then event_timestamp end) as latest_alert_at
    from recent_readings
    group by device_id
)

select * from recent_events
