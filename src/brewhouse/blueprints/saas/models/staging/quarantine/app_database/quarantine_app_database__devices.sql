with

raw_devices as (
    select * from {{ source('app_database', 'app_database_devices') }}
),

base_devices as (
    select * from {{ ref('base_app_database__devices') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_devices
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_devices.id,
        raw_devices.location_id,
        raw_devices.device_type,
        raw_devices.category,
        raw_devices.manufacturer,
        raw_devices.model,
        raw_devices.serial_number,
        raw_devices.install_date,
        raw_devices.warranty_expiry,
        raw_devices.purchase_price,
        raw_devices.firmware_version,
        raw_devices.ip_address,
        raw_devices.mac_address,
        raw_devices.status,
        raw_devices.usage_pattern,
        raw_devices.expected_lifespan_years,
        raw_devices.energy_consumption_watts,
        raw_devices.network_connectivity,
        raw_devices.installation_date,
        raw_devices.last_maintenance_date,
        raw_devices.is_online,
        raw_devices.customer_id,
        raw_devices.created_at,
        raw_devices.updated_at,
        raw_devices._source_file,
        raw_devices._source_row,
        raw_devices._loaded_at,
        raw_devices._dlt_load_id,
        rejections.reason
    from raw_devices
    inner join rejections
        on
            raw_devices._source_file = rejections._source_file
            and raw_devices._source_row = rejections._source_row
)

select * from rejected_rows
