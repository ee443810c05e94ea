with

raw_attribution_touchpoints as (
    select * from {{ source('marketing', 'attribution_touchpoints') }}
),

base_marketing__marketing_qualified_leads as (
    select * from {{ ref('base_marketing__marketing_qualified_leads') }}
),

known_leads as (
    select lead_id from base_marketing__marketing_qualified_leads
    where data_quality_flag = 'valid'
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as touchpoint_id,
        {{ brewhouse_utils.clean_id('mql_id') }} as lead_id,
        {{ brewhouse_utils.clean_id('campaign_id') }} as campaign_id,

        -- text
        {{ brewhouse_utils.clean_text('channel') }} as channel,
        {{ brewhouse_utils.clean_id('campaign_name') }} as campaign_name,
        {{ brewhouse_utils.clean_text('medium') }} as medium,
        {{ brewhouse_utils.clean_text('source') }} as source,  -- noqa: RF04
        {{ brewhouse_utils.clean_id('content') }} as content,  -- noqa: RF04

        -- numerics
        attribution_weight,
        touchpoint_position,

        -- times
        touchpoint_date as touchpoint_timestamp,
        created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_attribution_touchpoints
),

judged as (
    select
        parsed.touchpoint_id,
        parsed.created_at,
        parsed._loaded_at,
        parsed._source_file,
        parsed._source_row,
        case
            when parsed.touchpoint_id is null then 'missing_id'
            when parsed.lead_id is null then 'missing_parent'
            when known_leads.lead_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_leads on parsed.lead_id = known_leads.lead_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'touchpoint_id',
        ['created_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
