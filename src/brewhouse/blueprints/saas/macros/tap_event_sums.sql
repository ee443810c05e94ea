{% macro readings_of_tap_events() -%}
    {#- What working devices measured. The numbers that an alert carries are those of a device that has
        stopped, which is counted as downtime and as an alert already. -#}
    {%- set measures = event_measures() -%}
    select
        device_id,
        event_timestamp,
        event_date,
        event_type,
        event_status,
        event_category,
        alert_kind,
        beer_type,
        volume_ml,
        cast(case when event_type = 'pour' then duration_seconds end as bigint) as pour_seconds,
        error_count,
        {%- for measure, columns in measures.items() %}
        case when event_category in ('usage', 'reading') then {{ columns.value }} end
            as {{ measure }},
        case when event_category in ('usage', 'reading') then {{ columns.anomaly }} end
            as {{ measure }}_anomaly,
        {%- endfor %}
        event_category in ('usage', 'reading') and (
            coalesce(temperature_anomaly, false)
            or coalesce(pressure_anomaly, false)
            or coalesce(flow_anomaly, false)
        ) as is_quality_issue
    from {{ ref('stg_app_database__tap_events') }}
    where event_timestamp <= {{ brewhouse_utils.as_of() }}
{%- endmacro %}


{% macro event_measures() -%}
    {{- return({
        'flow_rate': {'value': 'flow_rate_ml_per_sec', 'anomaly': 'flow_anomaly'},
        'temperature': {'value': 'temperature_c', 'anomaly': 'temperature_anomaly'},
        'pressure': {'value': 'pressure_psi', 'anomaly': 'pressure_anomaly'},
    }) -}}
{%- endmacro %}


{% macro event_conditions() -%}
    {%- set conditions = {
        'pour_events': "event_type = 'pour'",
        'measured_events': "event_category in ('usage', 'reading')",
        'cleaning_events': "event_type = 'cleaning'",
        'maintenance_events': "event_type = 'maintenance'",
        'successful_events': "event_status = 'ok'",
        'warning_events': "event_status = 'warning'",
        'error_events': "event_status = 'error'",
        'alert_events': 'alert_kind is not null',
        'quality_issues': 'is_quality_issue',
    } -%}
    {%- for kind in var('device_alerts_seen') -%}
        {%- do conditions.update({kind ~ '_alerts': "alert_kind = '" ~ kind ~ "'"}) -%}
    {%- endfor -%}
    {{- return(conditions) -}}
{%- endmacro %}


{% macro tap_event_sum_columns() -%}
    {#- What is added up over the events of an hour: of each column the part of one event. -#}
    {%- set columns = {} -%}
    {%- for column, condition in event_conditions().items() -%}
        {%- do columns.update({column: 'case when ' ~ condition ~ ' then 1 else 0 end'}) -%}
    {%- endfor -%}
    {%- for measure in event_measures() -%}
        {%- do columns.update({
            measure ~ '_readings': 'case when ' ~ measure ~ ' is not null then 1 else 0 end',
            measure ~ '_anomalies': 'case when ' ~ measure ~ '_anomaly then 1 else 0 end',
            measure ~ '_sum': 'coalesce(' ~ measure ~ ', 0)',
        }) -%}
    {%- endfor -%}
    {%- do columns.update({
        'total_volume_ml': 'coalesce(volume_ml, 0)',
        'total_active_seconds': 'coalesce(pour_seconds, 0)',
    }) -%}
    {{- return(columns) -}}
{%- endmacro %}


{% macro tap_event_range_columns() -%}
    {#- Of which measures an hour has the least and the greatest value. -#}
    {{- return(['volume_ml'] + event_measures().keys() | list) -}}
{%- endmacro %}


{% macro tap_event_type(column) -%}
    {{- 'decimal(18, 2)' if column.endswith('_sum') or 'volume_ml' in column else 'bigint' -}}
{%- endmacro %}


{% macro all_readings(suffix='readings') -%}
    {#- Of all measures together, the number of readings or of anomalies. -#}
    {%- for measure in event_measures() -%}
        {{ ' + ' if not loop.first }}{{ measure }}_{{ suffix }}
    {%- endfor -%}
{%- endmacro %}


{% macro fact_hour_columns() -%}
    {{- return([
        'device_id', 'hour_timestamp', 'operational_status', 'total_events',
        'total_events_lifetime', 'service_seconds', 'downtime_seconds',
    ]) -}}
{%- endmacro %}
