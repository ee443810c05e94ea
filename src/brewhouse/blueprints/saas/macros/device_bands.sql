{% macro device_window_columns(window) -%}
    {#- What is counted of a device's events in each window, by name. -#}
    {%- set columns = ['events', 'pour_events', 'measured_events', 'quality_issues', 'alerts'] -%}
    {%- for kind in var('device_alerts_seen') + var('alert_severities') -%}
        {%- do columns.append(kind ~ '_alerts') -%}
    {%- endfor -%}
    {%- do columns.extend(['alert_hours', 'volume_ml']) -%}
    {%- set named = [] -%}
    {%- for column in columns -%}
        {%- do named.append(column ~ '_' ~ window) -%}
    {%- endfor -%}
    {{- return(named) -}}
{%- endmacro %}


{% macro device_entity_columns(window) -%}
    {#- Of a window, what entity_devices does not have from the health model under another name. -#}
    {%- set columns = [
        'uptime_percentage_' ~ window, 'performance_score_' ~ window,
        'service_seconds_' ~ window, 'downtime_seconds_' ~ window,
    ] -%}
    {%- for column in device_window_columns(window) -%}
        {%- if window != '30d' or 'alert' in column and column != 'alerts_30d' -%}
            {%- do columns.append(column) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(columns) -}}
{%- endmacro %}


{% macro device_risk_level(maintenance_status, health_score) -%}
    {#- How many signs there are: maintenance is overdue, health is below fair. -#}
    {%- set signs -%}
        (
            case when {{ maintenance_status }} = 'overdue' then 1 else 0 end
            + case
                when {{ health_score }} < {{ var('device_health_floors').fair }} then 1 else 0
            end
        )
    {%- endset -%}
    case
        when {{ maintenance_status }} <> 'out_of_service'
            then {{ brewhouse_utils.banded(signs, var('device_maintenance_risk_floors')) }}
    end
{%- endmacro %}


{% macro device_needs_attention(connectivity_status, health_score) -%}
    {#- In service, and down now or in critical health. -#}
    {{ connectivity_status }} = 'offline'
    or coalesce({{ health_score }} < {{ var('device_health_floors').poor }}, false)
{%- endmacro %}


{% macro worst_alert(window) -%}
    {#- The first kind of device_alerts_seen of which there was an alert. -#}
    case
        {%- for kind in var('device_alerts_seen') %}
        when {{ kind }}_alerts_{{ window }} > 0 then '{{ kind }}'
        {%- endfor %}
    end
{%- endmacro %}


{% macro alert_level() -%}
    {#- The worst severity of the alerts that are counted, none without one. -#}
    case
        {%- for severity in var('alert_severities') %}
        {%- for kind in var('device_alerts_seen') %}
        {%- if var('device_alert_severities')[kind] == severity %}
        when {{ kind }}_alerts > 0 then '{{ severity }}'
        {%- endif %}
        {%- endfor %}
        {%- endfor %}
        else 'none'
    end
{%- endmacro %}
