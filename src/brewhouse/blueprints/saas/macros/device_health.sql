{% macro uptime_score(service_seconds, downtime_seconds) -%}
    {#- Null for what was not in service: nothing was expected of it. -#}
    {{ brewhouse_utils.ratio(
        '100 * greatest(' ~ service_seconds ~ ' - ' ~ downtime_seconds ~ ', 0)', service_seconds, 2
    ) }}
{%- endmacro %}


{% macro performance_score(readings, anomalies) -%}
    {#- Null without a reading. -#}
    {{ brewhouse_utils.ratio('100 * (' ~ readings ~ ' - ' ~ anomalies ~ ')', readings, 2) }}
{%- endmacro %}


{% macro alert_score(alerts, devices=1) -%}
    {#- Of several devices together as many alerts are borne as of each. Null without a device. -#}
    {%- set borne = '(' ~ var('device_alerts_of_score_0') ~ ' * ' ~ devices ~ ')' -%}
    {{ brewhouse_utils.ratio('100 * greatest(' ~ borne ~ ' - ' ~ alerts ~ ', 0)', borne, 2) }}
{%- endmacro %}


{% macro device_health_score(uptime, performance, alerts) -%}
    {#- The three scores by their weights. A device without readings is held to have performed as well as it
        was up: if it was down, it measured nothing for that, and if it was up, nothing speaks against it. -#}
    {%- set weights = var('device_health_weights') -%}
    {%- set points = (
        weights.uptime ~ ' * ' ~ uptime
        ~ ' + ' ~ weights.performance ~ ' * coalesce(' ~ performance ~ ', ' ~ uptime ~ ')'
        ~ ' + ' ~ weights.alerts ~ ' * ' ~ alerts
    ) -%}
    {{ brewhouse_utils.ratio(
        '(' ~ points ~ ')', weights.uptime + weights.performance + weights.alerts, 2
    ) }}
{%- endmacro %}
