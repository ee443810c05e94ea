{%- set associations = [
    'company_ids.0', 'contact_ids.0', 'deal_ids.0', 'company_ids', 'contact_ids', 'deal_ids'
] -%}
{%- set properties = ['hubspot_owner_id', 'hs_ticket_category', 'source_type', 'closed_date'] -%}

with

raw_tickets as (
    select * from {{ source('hubspot', 'hubspot_tickets') }}
),

readable as (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as ticket_id,
        {{ brewhouse_utils.json_texts('associations', associations) }} as association_texts,
        {{ brewhouse_utils.json_texts('properties', properties) }} as property_texts
    from raw_tickets
),

unpacked as (
    select
        *,
        {{ brewhouse_utils.text_columns('association_texts', associations, 'association_') }},
        {{ brewhouse_utils.text_columns('property_texts', properties, 'property_') }}
    from readable
),

parsed as (
    select
        -- ids
        ticket_id,
        {{ brewhouse_utils.clean_id('association_company_ids_0') }} as hubspot_company_id,
        {{ brewhouse_utils.clean_id('association_contact_ids_0') }} as hubspot_contact_id,
        {{ brewhouse_utils.clean_id('association_deal_ids_0') }} as hubspot_deal_id,
        {{ brewhouse_utils.clean_id('property_hubspot_owner_id') }} as owner_id,
        association_company_ids as company_ids,
        association_contact_ids as contact_ids,
        association_deal_ids as deal_ids,

        -- text
        subject,
        content,
        {{ brewhouse_utils.clean_text('hs_pipeline') }} as pipeline,
        {{ brewhouse_utils.clean_text('hs_pipeline_stage') }} as status,
        {{ brewhouse_utils.clean_text('hs_ticket_priority') }} as priority,
        {{ brewhouse_utils.clean_text('property_hs_ticket_category') }} as ticket_category,
        {{ brewhouse_utils.clean_text('property_source_type') }} as source_type,

        -- booleans
        archived,

        -- times
        createdate as created_at,
        hs_lastmodifieddate as updated_at,
        {{ brewhouse_utils.iso_or_epoch_ms('property_closed_date') }} as closed_at,
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
        ticket_id,
        hs_lastmodifieddate,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when ticket_id is null then 'missing_id'
            when associations is not null and association_texts is null then 'broken_json'
            when properties is not null and property_texts is null then 'broken_json'
            else 'valid'
        end as verdict
    from readable
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'ticket_id',
        ['hs_lastmodifieddate desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
