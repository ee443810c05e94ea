{%- set associations = ['company_ids.0', 'contact_ids.0', 'company_ids', 'contact_ids'] -%}
{%- set properties = [
    'hubspot_owner_id', 'dealtype', 'hs_priority', 'expansion_type', 'competitor',
    'closed_won_reason', 'closed_lost_reason', 'hs_deal_stage_probability', 'num_meetings',
    'num_notes'
] -%}

with

raw_deals as (
    select * from {{ source('hubspot', 'hubspot_deals') }}
),

readable as (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as hubspot_deal_id,
        {{ brewhouse_utils.json_texts('associations', associations) }} as association_texts,
        {{ brewhouse_utils.json_texts('properties', properties) }} as property_texts
    from raw_deals
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
        hubspot_deal_id,
        {{ brewhouse_utils.clean_id('association_company_ids_0') }} as hubspot_company_id,
        {{ brewhouse_utils.clean_id('association_contact_ids_0') }} as hubspot_contact_id,
        {{ brewhouse_utils.clean_id('property_hubspot_owner_id') }} as deal_owner_id,
        association_company_ids as company_ids,
        association_contact_ids as contact_ids,

        -- text
        {{ brewhouse_utils.clean_id('dealname') }} as deal_name,
        {{ brewhouse_utils.clean_text('dealstage') }} as deal_stage,
        {{ brewhouse_utils.clean_text('pipeline') }} as sales_pipeline,
        {{ brewhouse_utils.clean_text('property_dealtype') }} as deal_type,
        {{ brewhouse_utils.clean_text('property_hs_priority') }} as deal_priority,
        {{ brewhouse_utils.clean_text('property_expansion_type') }} as expansion_type,
        {{ brewhouse_utils.clean_text('property_competitor') }} as competitor,
        {{ brewhouse_utils.clean_text('property_closed_won_reason') }} as closed_won_reason,
        {{ brewhouse_utils.clean_text('property_closed_lost_reason') }} as closed_lost_reason,

        -- numerics
        cast(amount as decimal(18, 2)) as deal_amount,
        {{ brewhouse_utils.safe_decimal('property_hs_deal_stage_probability', 9, 4) }}
            as close_probability,
        {{ brewhouse_utils.safe_bigint('property_num_meetings') }} as meeting_count,
        {{ brewhouse_utils.safe_bigint('property_num_notes') }} as note_count,

        -- booleans
        archived,

        -- times
        closedate as expected_close_date,
        createdat as deal_created_at,
        updatedat as deal_modified_at,
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
        hubspot_deal_id,
        updatedat,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when hubspot_deal_id is null then 'missing_id'
            when associations is not null and association_texts is null then 'broken_json'
            when properties is not null and property_texts is null then 'broken_json'
            else 'valid'
        end as verdict
    from readable
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'hubspot_deal_id',
        ['updatedat desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
