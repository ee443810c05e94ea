{% macro location_day_columns() -%}
    {#- What is counted of the events of a venue's devices, by day. -#}
    {{- return([
        'total_events', 'pour_events', 'measured_events', 'alert_events', 'quality_issues',
        'readings', 'anomalies', 'flow_rate_readings', 'flow_rate_sum', 'total_volume_ml',
    ]) -}}
{%- endmacro %}
