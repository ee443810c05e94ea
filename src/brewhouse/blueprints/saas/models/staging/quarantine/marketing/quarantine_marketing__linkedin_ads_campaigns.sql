with

raw_linkedin_ads_campaigns as (
    select * from {{ source('marketing', 'linkedin_ads_campaigns') }}
),

base_marketing__linkedin_ads_campaigns as (
    select * from {{ ref('base_marketing__linkedin_ads_campaigns') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_marketing__linkedin_ads_campaigns
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_linkedin_ads_campaigns.id,
        raw_linkedin_ads_campaigns.name,
        raw_linkedin_ads_campaigns.status,
        raw_linkedin_ads_campaigns.campaign_type,
        raw_linkedin_ads_campaigns.objective_type,
        raw_linkedin_ads_campaigns.created_time,
        raw_linkedin_ads_campaigns.start_date,
        raw_linkedin_ads_campaigns.end_date,
        raw_linkedin_ads_campaigns.daily_budget,
        raw_linkedin_ads_campaigns.total_budget,
        raw_linkedin_ads_campaigns.impressions,
        raw_linkedin_ads_campaigns.clicks,
        raw_linkedin_ads_campaigns.cost,
        raw_linkedin_ads_campaigns.conversions,
        raw_linkedin_ads_campaigns.created_at,
        raw_linkedin_ads_campaigns._source_file,
        raw_linkedin_ads_campaigns._source_row,
        raw_linkedin_ads_campaigns._loaded_at,
        raw_linkedin_ads_campaigns._dlt_load_id,
        rejections.reason
    from raw_linkedin_ads_campaigns
    inner join rejections
        on
            raw_linkedin_ads_campaigns._source_file = rejections._source_file
            and raw_linkedin_ads_campaigns._source_row = rejections._source_row
)

select * from rejected_rows
