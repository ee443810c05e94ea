with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
    where device_created_at <= {{ brewhouse_utils.as_of() }}
),

fact_devices__service as (
    select * from {{ ref('fact_devices__service') }}
),

fact_devices__downtimes as (
    select * from {{ ref('fact_devices__downtimes') }}
),

maintenance_visits as (
    select
        device_id,
        event_timestamp
    from {{ ref('stg_app_database__tap_events') }}
    where event_type = 'maintenance' and event_timestamp <= {{ brewhouse_utils.as_of() }}
),

repaired_downtimes as (
    select
        fact_devices__downtimes.device_id,
        fact_devices__downtimes.failed_at,
        min(maintenance_visits.event_timestamp) as maintained_at
    from fact_devices__downtimes
    inner join maintenance_visits
        on
            fact_devices__downtimes.device_id = maintenance_visits.device_id
            and fact_devices__downtimes.failed_at < maintenance_visits.event_timestamp
            and maintenance_visits.event_timestamp
            < coalesce(fact_devices__downtimes.ended_at, {{ forever() }})
    group by fact_devices__downtimes.device_id, fact_devices__downtimes.failed_at
),

changes as (
    select
        device_id,
        started_at as changed_at,
        'operational' as operational_status,
        case when stretch_number = 1 then 'installed' else 'service_resumed' end as change_reason
    from fact_devices__service
    union all
    -- Installed where nothing was in service.
    select
        stg_app_database__devices.device_id,
        stg_app_database__devices.device_created_at as changed_at,
        'retired' as operational_status,
        'installed' as change_reason
    from stg_app_database__devices
    left join fact_devices__service
        on stg_app_database__devices.device_id = fact_devices__service.device_id
    where fact_devices__service.device_id is null
    union all
    select
        device_id,
        ended_at as changed_at,
        'retired' as operational_status,
        end_reason as change_reason
    from fact_devices__service
    where ended_at is not null
    union all
    select
        device_id,
        failed_at as changed_at,
        'unreachable' as operational_status,
        'failed' as change_reason
    from fact_devices__downtimes
    union all
    select
        device_id,
        maintained_at as changed_at,
        'maintenance' as operational_status,
        'maintenance_began' as change_reason
    from repaired_downtimes
    union all
    select
        fact_devices__downtimes.device_id,
        fact_devices__downtimes.back_at as changed_at,
        'operational' as operational_status,
        case when repaired_downtimes.device_id is null then 'recovered' else 'repaired' end
            as change_reason
    from fact_devices__downtimes
    left join repaired_downtimes
        on
            fact_devices__downtimes.device_id = repaired_downtimes.device_id
            and fact_devices__downtimes.failed_at = repaired_downtimes.failed_at
    where fact_devices__downtimes.back_at is not null
),

-- Of changes at the same moment the worst one tells how the device stood from then on.
ranked as (
    select
        *,
        row_number() over (
            partition by device_id, changed_at
            order by
                {{ brewhouse_utils.place_in_list(
                    'operational_status', ['retired', 'unreachable', 'maintenance', 'operational']
                ) }}
        ) as place
    from changes
)

select
    device_id,
    changed_at,
    operational_status,
    change_reason
from ranked
where place = 1
