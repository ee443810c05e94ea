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
        'total_events': 'true',
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


{% macro tap_event_sums() -%}
    {#- Sums of a group of rows of readings_of_tap_events. -#}
    {%- for column, condition in event_conditions().items() %}
    {{ brewhouse_utils.count_if(condition) }} as {{ column }},
    {%- endfor %}
    {%- for measure in event_measures() %}
    count({{ measure }}) as {{ measure }}_readings,
    {{ brewhouse_utils.count_if(measure ~ '_anomaly') }} as {{ measure }}_anomalies,
    cast(coalesce(sum({{ measure }}), 0) as decimal(18, 2)) as {{ measure }}_sum,
    cast(min({{ measure }}) as decimal(18, 2)) as min_{{ measure }},
    cast(max({{ measure }}) as decimal(18, 2)) as max_{{ measure }},
    {%- endfor %}
    cast(coalesce(sum(volume_ml), 0) as decimal(18, 2)) as total_volume_ml,
    min(volume_ml) as min_volume_ml,
    max(volume_ml) as max_volume_ml,
    cast(coalesce(sum(pour_seconds), 0) as bigint) as total_active_seconds,
    cast(coalesce(sum(error_count), 0) as bigint) as reported_errors
{%- endmacro %}


{% macro tap_event_sum_columns() -%}
    {#- Those columns of tap_event_sums that are 0, not null, where nothing was sent. -#}
    {%- set columns = event_conditions().keys() | list -%}
    {%- for measure in event_measures() -%}
        {%- for what in ['readings', 'anomalies', 'sum'] -%}
            {%- do columns.append(measure ~ '_' ~ what) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(columns + ['total_volume_ml', 'total_active_seconds', 'reported_errors']) -}}
{%- endmacro %}


{% macro all_readings(suffix='readings') -%}
    {#- Of all measures together, the number of readings or of anomalies. -#}
    {%- for measure in event_measures() -%}
        {{ ' + ' if not loop.first }}{{ measure }}_{{ suffix }}
    {%- endfor -%}
{%- endmacro %}
