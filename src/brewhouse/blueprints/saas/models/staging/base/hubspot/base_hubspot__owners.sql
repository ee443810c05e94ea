with

raw_owners as (
    select * from {{ source('hubspot', 'hubspot_owners') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as owner_id,
        cast(userid as varchar) as user_id,

        -- text
        {{ brewhouse_utils.clean_text('email') }} as email,
        {{ brewhouse_utils.clean_id('firstname') }} as first_name,
        {{ brewhouse_utils.clean_id('lastname') }} as last_name,

        -- booleans
        archived,

        -- times
        createdat as owner_created_at,
        updatedat as owner_updated_at,
        created_at as synced_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_owners
),

judged as (
    select
        owner_id,
        owner_updated_at,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when owner_id is null then 'missing_id'
            else 'valid'
        end as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'owner_id',
        ['owner_updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
