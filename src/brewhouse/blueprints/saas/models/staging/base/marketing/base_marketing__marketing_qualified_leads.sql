with

raw_marketing_qualified_leads as (
    select * from {{ source('marketing', 'marketing_qualified_leads') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as lead_id,
        cast(contact_id as varchar) as contact_id,
        cast(account_id as varchar) as account_id,
        {{ brewhouse_utils.clean_id('campaign_id') }} as campaign_id,

        -- text
        {{ brewhouse_utils.clean_text('lead_source') }} as lead_source,

        -- numerics
        mql_score as lead_score,
        engagement_score,
        conversion_probability,
        cast(days_to_mql as bigint) as days_to_mql,

        -- times
        mql_date,
        created_at_source,
        created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_marketing_qualified_leads
),

judged as (
    select
        lead_id,
        created_at,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when lead_id is null then 'missing_id'
            when lead_score < 0 or lead_score > 100 then 'invalid_value'
            else 'valid'
        end as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'lead_id',
        ['created_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
