with

raw_locations as (
    select * from {{ source('app_database', 'app_database_locations') }}
),

base_locations as (
    select * from {{ ref('base_app_database__locations') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_locations
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_locations.id,
        raw_locations.customer_id,
        raw_locations.name,
        raw_locations.address,
        raw_locations.city,
        raw_locations.state,
        raw_locations.zip_code,
        raw_locations.country,
        raw_locations.location_type,
        raw_locations.business_type,
        raw_locations.size,
        raw_locations.expected_device_count,
        raw_locations.install_date,
        raw_locations.latitude,
        raw_locations.longitude,
        raw_locations.capacity,
        raw_locations.is_active,
        raw_locations.created_at,
        raw_locations.updated_at,
        raw_locations.timezone,
        raw_locations.closed_at,
        raw_locations._source_file,
        raw_locations._source_row,
        raw_locations._loaded_at,
        raw_locations._dlt_load_id,
        rejections.reason
    from raw_locations
    inner join rejections
        on
            raw_locations._source_file = rejections._source_file
            and raw_locations._source_row = rejections._source_row
)

select * from rejected_rows
