{% macro location_day_columns() -%}
    {#- What is counted of the events of a venue's devices, by day. -#}
    {{- return([
        'total_events', 'pour_events', 'measured_events', 'alert_events', 'quality_issues',
        'readings', 'anomalies', 'flow_rate_readings', 'flow_rate_sum', 'total_volume_ml',
    ]) -}}
{%- endmacro %}


{% macro location_week_columns() -%}
    {#- Of those the sums of a week are shown, and of what their devices were down. -#}
    {{- return([
        'total_events', 'measured_events', 'alert_events', 'quality_issues', 'flow_rate_readings',
        'flow_rate_sum', 'total_volume_ml', 'downtime_seconds',
    ]) -}}
{%- endmacro %}


{% macro location_window_columns() -%}
    {#- Of those the sums of 30 days are kept, and of what their devices were down. -#}
    {{- return([
        'total_events', 'measured_events', 'alert_events', 'quality_issues', 'readings',
        'anomalies', 'total_volume_ml', 'downtime_seconds',
    ]) -}}
{%- endmacro %}


{% macro location_stand_columns() -%}
    {#- What changes when service begins or ends, or a device stops or returns. -#}
    {{- return([
        'open_stretches', 'devices', 'started_seconds', 'devices_30d_ago',
        'started_seconds_30d_ago', 'down_devices',
    ]) -}}
{%- endmacro %}


{% macro location_status(location_closed_at, installed_on, is_open, at) -%}
    {#- At a moment: `at` is exclusive, the end of a period. -#}
    case
        when {{ location_closed_at }} <= {{ at }} then 'closed'
        when {{ is_open }} then 'open'
        when {{ installed_on }} is null or cast({{ installed_on }} as timestamp) >= {{ at }}
            then 'planned'
        else 'paused'
    end
{%- endmacro %}


{% macro location_operational_status(total_devices, down_devices) -%}
    case
        when {{ total_devices }} = 0 then 'not_in_service'
        when {{ down_devices }} = 0 then 'operational'
        when {{ down_devices }} < {{ total_devices }} then 'degraded'
        else 'down'
    end
{%- endmacro %}


{% macro location_activity_level(events_30d, total_devices) -%}
    case
        when {{ total_devices }} > 0
            then {{ brewhouse_utils.banded(
                brewhouse_utils.ratio(events_30d, total_devices),
                var('location_activity_floors'), 'none'
            ) }}
        else 'none'
    end
{%- endmacro %}


{% macro location_volume_tier(volume_ml_30d, total_devices) -%}
    case
        when {{ total_devices }} > 0
            then {{ brewhouse_utils.banded(
                volume_ml_30d, var('location_volume_floors'), 'none'
            ) }}
        else 'none'
    end
{%- endmacro %}


{% macro location_expansion_indicator(activity_level, device_health_tier) -%}
    {#- More devices where those that are there are used a lot and are well; else they are to be mended first. -#}
    case
        when {{ activity_level }} <> 'high' then 'none'
        when {{ device_health_tier }} in ('excellent', 'good') then 'candidate'
        else 'fix_first'
    end
{%- endmacro %}


{% macro location_lifecycle_stage(location_status, age_days) -%}
    case
        when {{ location_status }} <> 'open' then {{ location_status }}
        when {{ age_days }} < {{ var('new_location_days') }} then 'new'
        else 'established'
    end
{%- endmacro %}
