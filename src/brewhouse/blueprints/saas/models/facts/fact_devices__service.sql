with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
),

fact_locations__service as (
    select * from {{ ref('fact_locations__service') }}
),

device_stretches as (
    select
        stg_app_database__devices.device_id,
        fact_locations__service.location_id,
        fact_locations__service.account_id,
        fact_locations__service.ended_at,
        fact_locations__service.end_reason,
        greatest(
            stg_app_database__devices.device_created_at, fact_locations__service.started_at
        ) as started_at
    from stg_app_database__devices
    inner join fact_locations__service
        on stg_app_database__devices.location_id = fact_locations__service.location_id
)

select
    device_id,
    location_id,
    account_id,
    started_at,
    ended_at,
    end_reason,
    row_number() over (partition by device_id order by started_at) as stretch_number,
    {{ brewhouse_utils.seconds_between(
        'started_at', 'coalesce(ended_at, ' ~ brewhouse_utils.as_of() ~ ')'
    ) }} as service_seconds
from device_stretches
where
    started_at < coalesce(ended_at, {{ forever() }})
    and started_at <= {{ brewhouse_utils.as_of() }}
