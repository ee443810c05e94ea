with

base_hubspot__owners as (
    select * from {{ ref('base_hubspot__owners') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

valid_owners as (
    select
        base_hubspot__owners.*,
        {{ brewhouse_utils.date_diff_days('owner_created_at', 'clock.as_of') }} as tenure_days
    from base_hubspot__owners
    cross join clock
    where base_hubspot__owners.data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        owner_id,
        user_id,

        -- text
        email,
        split_part(email, '@', 2) as email_domain,
        first_name,
        last_name,
        nullif(concat_ws(' ', first_name, last_name), '') as full_name,

        -- classes
        case when archived then 'archived' else 'active' end as owner_status,
        {{ brewhouse_utils.banded('tenure_days', var('owner_tenure_floors')) }} as tenure_category,
        data_quality_flag,

        -- numerics
        tenure_days,

        -- booleans
        archived,
        email is null as missing_email,

        -- times
        owner_created_at,
        owner_updated_at,
        synced_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from valid_owners
)

select * from categorised
