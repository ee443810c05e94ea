{%- set so_far = 'over (partition by device_id order by changed_at
            rows between unbounded preceding and current row)' -%}
{%- set before = 'over (partition by device_id order by changed_at
            rows between unbounded preceding and 1 preceding)' -%}

with

fact_devices__state_changes as (
    select * from {{ ref('fact_devices__state_changes') }}
),

fact_devices__state_counts as (
    select * from {{ ref('fact_devices__state_counts') }}
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
        count(case when change_reason = 'failed' then 1 end) {{ so_far }} as failures_so_far
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
    fact_devices__state_counts.previous_maintenance_at,
    summed.failures_so_far,
    cast(coalesce(summed.service_seconds_so_far, 0) as bigint) as service_seconds_so_far,
    cast(coalesce(summed.downtime_seconds_so_far, 0) as bigint) as downtime_seconds_so_far,
    fact_devices__state_counts.cumulative_error_count,
    fact_devices__state_counts.cumulative_anomaly_count
from summed
inner join fact_devices__state_counts
    on
        summed.device_id = fact_devices__state_counts.device_id
        and summed.changed_at = fact_devices__state_counts.changed_at
