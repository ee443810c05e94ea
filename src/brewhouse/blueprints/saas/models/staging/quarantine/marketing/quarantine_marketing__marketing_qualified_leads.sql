with

raw_marketing_qualified_leads as (
    select * from {{ source('marketing', 'marketing_qualified_leads') }}
),

base_marketing__marketing_qualified_leads as (
    select * from {{ ref('base_marketing__marketing_qualified_leads') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_marketing__marketing_qualified_leads
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_marketing_qualified_leads.id,
        raw_marketing_qualified_leads.created_at_source,
        raw_marketing_qualified_leads.contact_id,
        raw_marketing_qualified_leads.account_id,
        raw_marketing_qualified_leads.mql_date,
        raw_marketing_qualified_leads.mql_score,
        raw_marketing_qualified_leads.lead_source,
        raw_marketing_qualified_leads.campaign_id,
        raw_marketing_qualified_leads.conversion_probability,
        raw_marketing_qualified_leads.days_to_mql,
        raw_marketing_qualified_leads.engagement_score,
        raw_marketing_qualified_leads.created_at,
        raw_marketing_qualified_leads._source_file,
        raw_marketing_qualified_leads._source_row,
        raw_marketing_qualified_leads._loaded_at,
        raw_marketing_qualified_leads._dlt_load_id,
        rejections.reason
    from raw_marketing_qualified_leads
    inner join rejections
        on
            raw_marketing_qualified_leads._source_file = rejections._source_file
            and raw_marketing_qualified_leads._source_row = rejections._source_row
)

select * from rejected_rows
