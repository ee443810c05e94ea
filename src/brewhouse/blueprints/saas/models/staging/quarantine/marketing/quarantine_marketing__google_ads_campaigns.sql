with

raw_google_ads_campaigns as (
    select * from {{ source('marketing', 'google_ads_campaigns') }}
),

base_marketing__google_ads_campaigns as (
    select * from {{ ref('base_marketing__google_ads_campaigns') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_marketing__google_ads_campaigns
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_google_ads_campaigns.id,
        raw_google_ads_campaigns.name,
        raw_google_ads_campaigns.status,
        raw_google_ads_campaigns.campaign_type,
        raw_google_ads_campaigns.advertising_channel_type,
        raw_google_ads_campaigns.start_date,
        raw_google_ads_campaigns.end_date,
        raw_google_ads_campaigns.budget_amount,
        raw_google_ads_campaigns.target_cpa,
        raw_google_ads_campaigns.impressions,
        raw_google_ads_campaigns.clicks,
        raw_google_ads_campaigns.cost,
        raw_google_ads_campaigns.conversions,
        raw_google_ads_campaigns.created_at,
        raw_google_ads_campaigns._source_file,
        raw_google_ads_campaigns._source_row,
        raw_google_ads_campaigns._loaded_at,
        raw_google_ads_campaigns._dlt_load_id,
        rejections.reason
    from raw_google_ads_campaigns
    inner join rejections
        on
            raw_google_ads_campaigns._source_file = rejections._source_file
            and raw_google_ads_campaigns._source_row = rejections._source_row
)

select * from rejected_rows
