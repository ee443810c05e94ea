{%- set windows = windows() -%}
{%- set within = "event_timestamp >= " -%}

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
    where event_timestamp >= {{ brewhouse_utils.shift(windows['30d'], -1, 'days') }}
),

recent_events as (
    select
        device_id,
        {%- for window, window_start in windows.items() %}
        {%- set recent = 'event_timestamp >= ' ~ window_start %}
        {{ brewhouse_utils.count_if(recent) }} as events_{{ window }},
        {{ brewhouse_utils.count_if(recent ~ " and event_type = 'pour'") }}
            as usage_events_{{ window }},
        {{ brewhouse_utils.count_if(recent ~ " and is_quality_issue") }}
            as quality_issues_{{ window }},
        {{ brewhouse_utils.count_if(recent ~ " and event_category in ('usage', 'reading')") }}
            as measured_events_{{ window }},
        cast(coalesce(sum(case when {{ recent }} then volume_ml end), 0) as decimal(18, 2))
            as volume_ml_{{ window }},
        {%- for measure in event_measures() %}
        count(case when {{ recent }} then {{ measure }} end) as {{ measure }}_readings_{{ window }},
        {{ brewhouse_utils.count_if(recent ~ ' and ' ~ measure ~ '_anomaly') }}
            as {{ measure }}_anomalies_{{ window }},
        {%- endfor %}
        cast(coalesce(sum(case when {{ recent }} then flow_rate end), 0) as decimal(18, 2))
            as flow_rate_sum_{{ window }},
        {{ brewhouse_utils.count_if(recent ~ ' and alert_kind is not null') }}
            as alerts_{{ window }},
        {%- for kind in var('device_alerts_seen') %}
        {{ brewhouse_utils.count_if(recent ~ " and alert_kind = '" ~ kind ~ "'") }}
            as {{ kind }}_alerts_{{ window }},
        {%- endfor %}
        {%- for severity in var('alert_severities') %}
        {{ brewhouse_utils.count_if(
            recent ~ " and alert_kind is not null and severity = '" ~ severity ~ "'"
        ) }} as {{ severity }}_alerts_{{ window }},
        {%- endfor %}
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
