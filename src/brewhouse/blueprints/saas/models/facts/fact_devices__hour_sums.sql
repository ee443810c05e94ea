{{ config(materialized='view') }}

with

fact_devices__hourly as (
    select * from {{ ref('fact_devices__hourly') }}
),

readings as (
    {{ readings_of_tap_events() }}
),

hour_events as {{ brewhouse_utils.inlined() }} (
    select
        fact_devices__hourly.*,
        {%- for column, part in tap_event_sum_columns().items() %}
        {{ part }} as {{ column }},
        {%- endfor %}
        {{ own_columns('readings', tap_event_range_columns()) }}
    from fact_devices__hourly
    left join readings
        on
            fact_devices__hourly.device_id = readings.device_id
            and fact_devices__hourly.hour_timestamp = date_trunc('hour', readings.event_timestamp)
),

-- Nearly all hours have one event: those are not grouped, which would cost most of the time.
single_events as (
    select
        {%- for column in tap_event_sum_columns() %}
        cast({{ column }} as {{ tap_event_type(column) }}) as {{ column }},
        {%- endfor %}
        {%- for column in tap_event_range_columns() %}
        cast({{ column }} as decimal(18, 2)) as min_{{ column }},
        cast({{ column }} as decimal(18, 2)) as max_{{ column }},
        {%- endfor %}
        {{ own_columns('hour_events', fact_hour_columns()) }}
    from hour_events
    where total_events <= 1
),

several_events as (
    select
        {%- for column in tap_event_sum_columns() %}
        cast(sum({{ column }}) as {{ tap_event_type(column) }}) as {{ column }},
        {%- endfor %}
        {%- for column in tap_event_range_columns() %}
        cast(min({{ column }}) as decimal(18, 2)) as min_{{ column }},
        cast(max({{ column }}) as decimal(18, 2)) as max_{{ column }},
        {%- endfor %}
        {{ own_columns('hour_events', fact_hour_columns()) }}
    from hour_events
    where total_events > 1
    group by {{ own_columns('hour_events', fact_hour_columns()) }}
)

select * from single_events
union all
select * from several_events
