with

base_locations as (
    select * from {{ ref('base_app_database__locations') }}
),

valid_locations as (
    select
        -- ids
        location_id,
        {{ brewhouse_utils.surrogate_key(['location_id']) }} as location_key,
        account_id,

        -- text
        location_name,
        address,
        city,
        state,
        zip_code,
        country,
        location_type,
        business_type,
        location_size,
        timezone,
        {{ brewhouse_utils.joined_text(['address', 'city', 'state', 'zip_code', 'country']) }}
            as full_address,

        -- classes
        {{ brewhouse_utils.mapped('country', var('regions'), 'other') }} as region,
        {{ brewhouse_utils.mapped('location_type', var('location_categories'), 'other') }}
            as location_category,
        case
            when closed_at <= {{ brewhouse_utils.as_of() }} then 'closed'
            when install_date is null then 'unscheduled'
            when install_date > cast({{ brewhouse_utils.as_of() }} as date) then 'planned'
            else 'installed'
        end as installation_status,

        -- numerics
        expected_device_count,
        seating_capacity,
        latitude,
        longitude,

        -- booleans
        is_active,
        location_name is null as missing_location_name,
        address is null as missing_address,
        address is null or city is null or state is null or zip_code is null or country is null
            as incomplete_address,

        -- times
        install_date,
        {{ brewhouse_utils.date_diff_days('install_date', brewhouse_utils.as_of()) }}
            as days_since_install,
        closed_at,
        location_created_at,
        location_updated_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from base_locations
    where data_quality_flag = 'valid'
)

select * from valid_locations
