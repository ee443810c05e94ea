with

base_devices as (
    select * from {{ ref('base_app_database__devices') }}
),

valid_devices as (
    select
        -- ids
        device_id,
        {{ brewhouse_utils.surrogate_key(['device_id']) }} as device_key,
        location_id,
        account_id,

        -- text
        device_type,
        category,
        manufacturer,
        model,
        serial_number,
        firmware_version,
        ip_address,
        mac_address,
        status,
        usage_pattern,
        network_connectivity,

        -- classes
        {{ brewhouse_utils.mapped('device_type', var('device_priorities'), 'low') }}
            as device_priority,
        case
            when status in ('retired', 'maintenance') then status
            when status = 'active' and is_online then 'operational'
            else 'unreachable'
        end as operational_status,
        case
            when warranty_expiry is null then 'unknown'
            when warranty_expiry < cast({{ brewhouse_utils.as_of() }} as date) then 'expired'
            when {{ brewhouse_utils.date_diff_days(brewhouse_utils.as_of(), 'warranty_expiry') }}
                <= {{ var('warranty_expiring_days') }} then 'expiring'
            else 'active'
        end as warranty_status,

        -- numerics
        purchase_price,
        expected_lifespan_years,
        energy_consumption_watts,
        cast(energy_consumption_watts * 0.024 as decimal(18, 3)) as estimated_daily_energy_kwh,

        -- booleans
        is_online,
        device_type is null as missing_device_type,

        -- times
        coalesce(install_date, installation_date) as install_date,
        warranty_expiry,
        last_maintenance_date,
        {{ brewhouse_utils.date_diff_days(
            'coalesce(install_date, installation_date)', brewhouse_utils.as_of()
        ) }} as days_since_install,
        {{ brewhouse_utils.date_diff_days(brewhouse_utils.as_of(), 'warranty_expiry') }}
            as days_until_warranty_expiry,
        device_created_at,
        device_updated_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from base_devices
    where data_quality_flag = 'valid'
)

select * from valid_devices
