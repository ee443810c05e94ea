with

fact_devices__state_changes as (
    select * from {{ ref('fact_devices__state_changes') }}
),

readings as (
    {{ readings_of_tap_events() }}
),

-- Three things happen to a device; at the same moment a message counts before the change that it
-- brings, and a maintenance after it.
timeline as (
    select
        device_id,
        event_timestamp as moment,
        1 as place,
        coalesce(error_count, 0) as errors,
        case when is_quality_issue then 1 else 0 end as quality_issues,
        cast(null as timestamp) as maintained_at
    from readings
    where error_count > 0 or is_quality_issue
    union all
    select
        device_id,
        changed_at as moment,
        2 as place,
        0 as errors,
        0 as quality_issues,
        cast(null as timestamp) as maintained_at
    from fact_devices__state_changes
    union all
    select
        device_id,
        event_timestamp as moment,
        3 as place,
        0 as errors,
        0 as quality_issues,
        event_timestamp as maintained_at
    from readings
    where event_type = 'maintenance'
),

counted as (
    select
        device_id,
        moment as changed_at,
        {%- for column, expression in {
            'cumulative_error_count': 'sum(errors)',
            'cumulative_anomaly_count': 'sum(quality_issues)',
            'previous_maintenance_at': 'max(maintained_at)',
        }.items() %}
        {{ expression }} over (
            partition by device_id order by moment, place
            rows between unbounded preceding and current row
        ) as {{ column }},
        {%- endfor %}
        place
    from timeline
)

select
    device_id,
    changed_at,
    cast(cumulative_error_count as bigint) as cumulative_error_count,
    cast(cumulative_anomaly_count as bigint) as cumulative_anomaly_count,
    previous_maintenance_at
from counted
where place = 2
