{%- set properties = [
    'company_id', 'jobtitle', 'city', 'state', 'country', 'lifecycle_stage', 'source',
    'lead_score', 'last_contacted'
] -%}

with

raw_contacts as (
    select * from {{ source('hubspot', 'hubspot_contacts') }}
),

readable as (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as hubspot_contact_id,
        {{ brewhouse_utils.json_texts('properties', properties) }} as property_texts
    from raw_contacts
),

unpacked as (
    select
        *,
        {{ brewhouse_utils.text_columns('property_texts', properties, 'property_') }}
    from readable
),

parsed as (
    select
        -- ids
        hubspot_contact_id,
        {{ brewhouse_utils.clean_id('property_company_id') }} as hubspot_company_id,

        -- text
        {{ brewhouse_utils.clean_text('email') }} as contact_email,
        {{ brewhouse_utils.clean_id('firstname') }} as first_name,
        {{ brewhouse_utils.clean_id('lastname') }} as last_name,
        {{ brewhouse_utils.clean_id('company') }} as company_name,
        {{ brewhouse_utils.clean_text('property_jobtitle') }} as job_title,
        {{ brewhouse_utils.clean_id('phone') }} as phone_number,
        property_city as city,
        upper({{ brewhouse_utils.clean_text('property_state') }}) as state_code,
        upper({{ brewhouse_utils.clean_text('property_country') }}) as country_code,
        {{ brewhouse_utils.clean_text('property_lifecycle_stage') }} as lifecycle_stage,
        {{ brewhouse_utils.clean_text('property_source') }} as traffic_source,

        -- numerics
        {{ brewhouse_utils.safe_decimal('property_lead_score') }} as lead_score,

        -- booleans
        archived,

        -- times
        {{ brewhouse_utils.iso_or_epoch_ms('property_last_contacted') }} as last_contacted_at,
        createdat as contact_created_at,
        updatedat as contact_modified_at,
        created_at as synced_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from unpacked
),

judged as (
    select
        hubspot_contact_id,
        updatedat,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when hubspot_contact_id is null then 'missing_id'
            when properties is not null and property_texts is null then 'broken_json'
            else 'valid'
        end as verdict
    from readable
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'hubspot_contact_id',
        ['updatedat desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
