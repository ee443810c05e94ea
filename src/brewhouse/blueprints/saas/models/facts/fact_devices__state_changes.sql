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
    from fact_devices__downtimes
    where maintained_at is not null
    union all
    select
        device_id,
        back_at as changed_at,
        'operational' as operational_status,
        case when maintained_at is null then 'recovered' else 'repaired' end as change_reason
    from fact_devices__downtimes
    where back_at is not null
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
                ) }},
                change_reason
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
