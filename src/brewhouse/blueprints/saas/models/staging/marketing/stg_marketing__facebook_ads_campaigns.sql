with

base_marketing__facebook_ads_campaigns as (
    select * from {{ ref('base_marketing__facebook_ads_campaigns') }}
),

valid_campaigns as (
    select
        -- ids
        campaign_id,

        -- text
        campaign_name,
        campaign_status,
        objective,
        actions,

        -- numerics
        daily_budget,
        lifetime_budget,
        impressions,
        clicks,
        spend,
        conversions,
        {{ brewhouse_utils.ratio('clicks', 'impressions') }} as click_through_rate,
        {{ brewhouse_utils.ratio('spend', 'clicks', 2) }} as cost_per_click,
        {{ brewhouse_utils.ratio('spend', 'conversions', 2) }} as cost_per_conversion,
        {{ brewhouse_utils.ratio('conversions', 'clicks') }} as conversion_rate,

        -- times
        created_time,
        start_time,
        stop_time,
        created_at,

        -- bookkeeping
        _loaded_at,
        _source_file,
        _source_row
    from base_marketing__facebook_ads_campaigns
    where data_quality_flag = 'valid'
)

select * from valid_campaigns
