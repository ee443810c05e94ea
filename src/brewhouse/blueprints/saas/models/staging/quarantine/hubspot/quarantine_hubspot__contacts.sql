with

raw_contacts as (
    select * from {{ source('hubspot', 'hubspot_contacts') }}
),

base_hubspot__contacts as (
    select * from {{ ref('base_hubspot__contacts') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_hubspot__contacts
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_contacts.id,
        raw_contacts.properties,
        raw_contacts.firstname,
        raw_contacts.lastname,
        raw_contacts.email,
        raw_contacts.company,
        raw_contacts.phone,
        raw_contacts.createdat,
        raw_contacts.updatedat,
        raw_contacts.archived,
        raw_contacts.created_at,
        raw_contacts._source_file,
        raw_contacts._source_row,
        raw_contacts._loaded_at,
        raw_contacts._dlt_load_id,
        rejections.reason
    from raw_contacts
    inner join rejections
        on
            raw_contacts._source_file = rejections._source_file
            and raw_contacts._source_row = rejections._source_row
)

select * from rejected_rows
