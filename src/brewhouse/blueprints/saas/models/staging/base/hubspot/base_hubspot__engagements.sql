{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=['_source_file', '_source_row'],
    on_schema_change='fail',
    post_hook="{{ brewhouse_utils.forget_gone_rows("
        ~ "source('hubspot', 'hubspot_engagements')) }}",
) }}

{%- set heads = ['type', 'timestamp', 'active', 'ownerId'] -%}
{%- set ids = [
    'companyIds.0', 'contactIds.0', 'dealIds.0', 'companyIds', 'contactIds', 'dealIds'
] -%}
{%- set details = [
    'subject', 'title', 'body', 'text', 'status', 'disposition', 'meetingOutcome',
    'durationMilliseconds', 'startTime', 'endTime'
] -%}

with

raw_engagements as (
    {{ brewhouse_utils.rows_to_judge(
        source('hubspot', 'hubspot_engagements'),
        raw_key=brewhouse_utils.clean_id('id'),
        key='engagement_id',
    ) }}
),

readable as (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as engagement_id,
        {{ brewhouse_utils.json_texts('engagement', heads) }} as engagement_texts,
        {{ brewhouse_utils.json_texts('associations', ids) }} as association_texts,
        {{ brewhouse_utils.json_texts('metadata', details) }} as metadata_texts
    from raw_engagements
),

unpacked as (
    select
        *,
        {{ brewhouse_utils.text_columns('engagement_texts', heads, 'head_') }},
        {{ brewhouse_utils.text_columns('association_texts', ids, 'association_') }},
        {{ brewhouse_utils.text_columns('metadata_texts', details, 'detail_') }}
    from readable
),

parsed as (
    select
        -- ids
        engagement_id,
        {{ brewhouse_utils.clean_id('association_companyids_0') }} as hubspot_company_id,
        {{ brewhouse_utils.clean_id('association_contactids_0') }} as hubspot_contact_id,
        {{ brewhouse_utils.clean_id('association_dealids_0') }} as hubspot_deal_id,
        {{ brewhouse_utils.clean_id('head_ownerid') }} as owner_id,
        association_companyids as company_ids,
        association_contactids as contact_ids,
        association_dealids as deal_ids,

        -- text
        {{ brewhouse_utils.clean_text('head_type') }} as engagement_type,
        coalesce(detail_subject, detail_title) as engagement_subject,
        coalesce(detail_body, detail_text) as engagement_body,
        {{ brewhouse_utils.clean_text('detail_status') }} as engagement_status,
        {{ brewhouse_utils.clean_text('coalesce(detail_disposition, detail_meetingoutcome)') }}
            as engagement_outcome,

        -- numerics
        {{ brewhouse_utils.safe_bigint('head_timestamp') }} as engagement_timestamp_ms,
        coalesce(
            {{ brewhouse_utils.safe_bigint('detail_durationmilliseconds') }},
            {{ brewhouse_utils.safe_bigint('detail_endtime') }}
            - {{ brewhouse_utils.safe_bigint('detail_starttime') }}
        ) as duration_ms,

        -- booleans
        head_active = 'true' as is_active,

        -- times
        {{ brewhouse_utils.iso_or_epoch_ms('head_timestamp') }} as engagement_timestamp,
        createdat as record_created_at,
        updatedat as record_updated_at,
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
        engagement_id,
        updatedat,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when engagement_id is null then 'missing_id'
            when engagement is not null and engagement_texts is null then 'broken_json'
            when associations is not null and association_texts is null then 'broken_json'
            when metadata is not null and metadata_texts is null then 'broken_json'
            else 'valid'
        end as verdict
    from readable
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'engagement_id',
        ['updatedat desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
