with

known_accounts as (
    select account_id from {{ ref('base_app_database__accounts') }}
    where data_quality_flag = 'valid'
),

raw_locations as (
    select * from {{ source('app_database', 'app_database_locations') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as location_id,
        {{ brewhouse_utils.clean_id('customer_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_id('name') }} as location_name,
        {{ brewhouse_utils.clean_id('address') }} as address,
        {{ brewhouse_utils.clean_id('city') }} as city,
        {{ brewhouse_utils.clean_id('state') }} as state,
        {{ brewhouse_utils.clean_id('zip_code') }} as zip_code,
        upper({{ brewhouse_utils.clean_text('country') }}) as country,
        {{ brewhouse_utils.clean_text('location_type') }} as location_type,
        {{ brewhouse_utils.clean_text('business_type') }} as business_type,
        {{ brewhouse_utils.clean_text('size') }} as location_size,
        {{ brewhouse_utils.known_timezone('timezone') }} as timezone,

        -- numerics
        expected_device_count,
        latitude,
        longitude,
        capacity as seating_capacity,

        -- booleans
        is_active,

        -- times
        install_date,
        created_at as location_created_at,
        updated_at as location_updated_at,
        closed_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_locations
),

judged as (
    select
        parsed.location_id,
        parsed.location_updated_at,
        parsed._loaded_at,
        parsed._source_file,
        parsed._source_row,
        case
            when parsed.location_id is null then 'missing_id'
            when parsed.account_id is null then 'missing_parent'
            when known_accounts.account_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_accounts on parsed.account_id = known_accounts.account_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'location_id',
        ['location_updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
