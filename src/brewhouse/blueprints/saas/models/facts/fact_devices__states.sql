{%- set so_far = 'over (partition by device_id order by changed_at
            rows between unbounded preceding and current row)' -%}
{%- set before = 'over (partition by device_id order by changed_at
            rows between unbounded preceding and 1 preceding)' -%}

with

fact_devices__state_changes as (
    select * from {{ ref('fact_devices__state_changes') }}
),

readings as (
    {{ readings_of_tap_events() }}
),

-- Three things happen to a device; at the same moment a message counts before the change that it brings, and a
-- maintenance after it.
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
        place,
        {%- for column, expression in {
            'cumulative_error_count': 'sum(errors)',
            'cumulative_anomaly_count': 'sum(quality_issues)',
            'previous_maintenance_at': 'max(maintained_at)',
        }.items() %}
        {{ expression }} over (
            partition by device_id order by moment, place
            rows between unbounded preceding and current row
        ) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from timeline
),

preceded as (
    select
        *,
        lag(changed_at) over (partition by device_id order by changed_at) as previous_change_at,
        lag(operational_status) over (partition by device_id order by changed_at)
            as previous_status,
        max(case when change_reason in ('installed', 'service_resumed') then changed_at end)
        {{ before }} as began_at,
        max(case when change_reason = 'failed' then changed_at end) {{ before }}
            as previous_failure_at,
        {{ brewhouse_utils.count_if("change_reason = 'failed'") }} {{ so_far }} as failures_so_far
    from fact_devices__state_changes
),

-- Differences of whole seconds since the beginning, so that the parts add up to the whole.
measured as (
    select
        *,
        case
            when previous_status <> 'retired' then
                {{ brewhouse_utils.seconds_between('began_at', 'changed_at') }}
                - {{ brewhouse_utils.seconds_between('began_at', 'previous_change_at') }}
        end as service_seconds,
        case
            when previous_status in ('unreachable', 'maintenance') then
                {{ brewhouse_utils.seconds_between('previous_failure_at', 'changed_at') }}
                - {{ brewhouse_utils.seconds_between('previous_failure_at', 'previous_change_at') }}
        end as downtime_seconds
    from preceded
),

summed as (
    select
        *,
        sum(service_seconds) {{ so_far }} as service_seconds_so_far,
        sum(downtime_seconds) {{ so_far }} as downtime_seconds_so_far
    from measured
)

select
    summed.device_id,
    summed.changed_at,
    summed.operational_status,
    summed.change_reason,
    summed.previous_failure_at,
    counted.previous_maintenance_at,
    summed.failures_so_far,
    cast(coalesce(summed.service_seconds_so_far, 0) as bigint) as service_seconds_so_far,
    cast(coalesce(summed.downtime_seconds_so_far, 0) as bigint) as downtime_seconds_so_far,
    cast(counted.cumulative_error_count as bigint) as cumulative_error_count,
    cast(counted.cumulative_anomaly_count as bigint) as cumulative_anomaly_count
from summed
inner join counted
    on
        summed.device_id = counted.device_id
        and summed.changed_at = counted.changed_at
        and counted.place = 2
