with

raw_facebook_ads_campaigns as (
    select * from {{ source('marketing', 'facebook_ads_campaigns') }}
),

base_marketing__facebook_ads_campaigns as (
    select * from {{ ref('base_marketing__facebook_ads_campaigns') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_marketing__facebook_ads_campaigns
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_facebook_ads_campaigns.id,
        raw_facebook_ads_campaigns.name,
        raw_facebook_ads_campaigns.status,
        raw_facebook_ads_campaigns.objective,
        raw_facebook_ads_campaigns.created_time,
        raw_facebook_ads_campaigns.start_time,
        raw_facebook_ads_campaigns.stop_time,
        raw_facebook_ads_campaigns.daily_budget,
        raw_facebook_ads_campaigns.lifetime_budget,
        raw_facebook_ads_campaigns.impressions,
        raw_facebook_ads_campaigns.clicks,
        raw_facebook_ads_campaigns.spend,
        raw_facebook_ads_campaigns.actions,
        raw_facebook_ads_campaigns.created_at,
        raw_facebook_ads_campaigns._source_file,
        raw_facebook_ads_campaigns._source_row,
        raw_facebook_ads_campaigns._loaded_at,
        raw_facebook_ads_campaigns._dlt_load_id,
        rejections.reason
    from raw_facebook_ads_campaigns
    inner join rejections
        on
            raw_facebook_ads_campaigns._source_file = rejections._source_file
            and raw_facebook_ads_campaigns._source_row = rejections._source_row
)

select * from rejected_rows
