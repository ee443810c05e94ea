with

stg_app_database__devices as (
    select * from {{ ref('stg_app_database__devices') }}
    where device_created_at <= {{ brewhouse_utils.as_of() }}
),

current_states as (
    select
        device_id,
        {{ brewhouse_utils.last_by('operational_status', ['changed_at']) }} as operational_status,
        max(changed_at) as operational_status_since
    from {{ ref('fact_devices__states') }}
    group by device_id
),

fact_devices__activity as (
    select * from {{ ref('fact_devices__activity') }}
),

-- What its record says of maintenance counts too, once it is past.
described as (
    select
        stg_app_database__devices.device_id,
        current_states.operational_status,
        current_states.operational_status_since,
        cast(stg_app_database__devices.device_created_at as date) as installed_on,
        greatest(
            cast(fact_devices__activity.last_maintenance_at as date),
            case
                when
                    stg_app_database__devices.last_maintenance_date
                    <= cast({{ brewhouse_utils.as_of() }} as date)
                    then stg_app_database__devices.last_maintenance_date
            end
        ) as maintained_on,
        {{ device_maintenance_days('stg_app_database__devices.device_type') }}
            as maintenance_interval_days,
        {{ brewhouse_utils.date_diff_days(
            'stg_app_database__devices.device_created_at', brewhouse_utils.as_of()
        ) }} as device_age_days,
        stg_app_database__devices.expected_lifespan_years
    from stg_app_database__devices
    inner join current_states
        on stg_app_database__devices.device_id = current_states.device_id
    left join fact_devices__activity
        on stg_app_database__devices.device_id = fact_devices__activity.device_id
),

scheduled as (
    select
        *,
        cast(coalesce(maintained_on, installed_on) + maintenance_interval_days as date) as due_on
    from described
)

select
    device_id,
    operational_status,
    operational_status_since,
    operational_status <> 'retired' as is_in_service,
    case operational_status
        when 'retired' then 'out_of_service'
        when 'operational' then 'online'
        else 'offline'
    end as connectivity_status,
    installed_on,
    maintained_on,
    maintenance_interval_days,
    due_on,
    {{ device_maintenance_status('operational_status', 'due_on') }} as maintenance_status,
    {{ brewhouse_utils.date_diff_days('maintained_on', brewhouse_utils.as_of()) }}
        as days_since_maintenance,
    device_age_days,
    {{ device_lifecycle_stage('operational_status', 'device_age_days', 'expected_lifespan_years') }}
        as device_lifecycle_stage
from scheduled
