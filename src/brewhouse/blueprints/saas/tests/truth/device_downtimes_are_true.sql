{{ config(enabled=var('simulated')) }}

{#- Truth goes on after a venue has closed, and ends with the window. -#}
with

truth as (
    select
        device_downtimes.*,
        fact_devices__service.ended_at as service_ended_at
    from {{ source('truth', 'device_downtimes') }} as device_downtimes
    left join {{ ref('fact_devices__service') }} as fact_devices__service
        on
            device_downtimes.device_id = fact_devices__service.device_id
            and device_downtimes.failed_at >= fact_devices__service.started_at
            and device_downtimes.failed_at
            < coalesce(fact_devices__service.ended_at, {{ forever() }})
),

expected as (
    select
        device_id,
        failed_at,
        case
            when
                back_at is not null
                and back_at <= {{ brewhouse_utils.as_of() }}
                and back_at < coalesce(service_ended_at, {{ forever() }})
                then downtime_seconds
            else {{ brewhouse_utils.seconds_between(
                'failed_at', 'coalesce(service_ended_at, ' ~ brewhouse_utils.as_of() ~ ')'
            ) }}
        end as downtime_seconds
    from truth
    where failed_at <= {{ brewhouse_utils.as_of() }}
),

differences as (
    select
        expected.failed_at as expected_failed_at,
        expected.downtime_seconds as expected_seconds,
        found.failed_at as found_failed_at,
        found.downtime_seconds as found_seconds,
        coalesce(expected.device_id, found.device_id) as device_id
    from expected
    full outer join {{ ref('fact_devices__downtimes') }} as found
        on
            expected.device_id = found.device_id
            and expected.failed_at = found.failed_at
    where
        expected.device_id is null
        or found.device_id is null
        or expected.downtime_seconds <> found.downtime_seconds
)

select * from differences
