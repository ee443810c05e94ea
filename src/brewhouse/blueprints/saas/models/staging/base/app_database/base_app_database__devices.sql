with

known_locations as (
    select location_id from {{ ref('base_app_database__locations') }}
    where data_quality_flag = 'valid'
),

raw_devices as (
    select * from {{ source('app_database', 'app_database_devices') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as device_id,
        {{ brewhouse_utils.clean_id('location_id') }} as location_id,
        {{ brewhouse_utils.clean_id('customer_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_text('device_type') }} as device_type,
        {{ brewhouse_utils.clean_text('category') }} as category,
        {{ brewhouse_utils.clean_text('manufacturer') }} as manufacturer,
        {{ brewhouse_utils.clean_id('model') }} as model,  -- noqa: RF04
        {{ brewhouse_utils.clean_id('serial_number') }} as serial_number,
        {{ brewhouse_utils.clean_text('firmware_version') }} as firmware_version,
        {{ brewhouse_utils.clean_text('ip_address') }} as ip_address,
        {{ brewhouse_utils.clean_text('mac_address') }} as mac_address,
        {{ brewhouse_utils.clean_text('status') }} as status,
        {{ brewhouse_utils.clean_text('usage_pattern') }} as usage_pattern,
        {{ brewhouse_utils.clean_text('network_connectivity') }} as network_connectivity,

        -- numerics
        purchase_price,
        expected_lifespan_years,
        energy_consumption_watts,

        -- booleans
        is_online,

        -- times
        install_date,
        installation_date,
        warranty_expiry,
        last_maintenance_date,
        created_at as device_created_at,
        updated_at as device_updated_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_devices
),

judged as (
    select
        parsed.device_id,
        parsed.device_updated_at,
        parsed._loaded_at,
        parsed._source_file,
        parsed._source_row,
        case
            when parsed.device_id is null then 'missing_id'
            when parsed.location_id is null then 'missing_parent'
            when parsed.purchase_price < 0 then 'invalid_value'
            when known_locations.location_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_locations on parsed.location_id = known_locations.location_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'device_id',
        ['device_updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
