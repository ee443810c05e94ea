with

base_marketing__linkedin_ads_campaigns as (
    select * from {{ ref('base_marketing__linkedin_ads_campaigns') }}
),

valid_campaigns as (
    select
        -- ids
        campaign_id,

        -- text
        campaign_name,
        campaign_status,
        campaign_type,
        objective_type,

        -- numerics
        daily_budget,
        total_budget,
        impressions,
        clicks,
        cost,
        conversions,
        {{ brewhouse_utils.ratio('clicks', 'impressions') }} as click_through_rate,
        {{ brewhouse_utils.ratio('cost', 'clicks', 2) }} as cost_per_click,
        {{ brewhouse_utils.ratio('cost', 'conversions', 2) }} as cost_per_conversion,
        {{ brewhouse_utils.ratio('conversions', 'clicks') }} as conversion_rate,

        -- times
        created_time,
        start_date,
        end_date,
        created_at,

        -- bookkeeping
        _loaded_at,
        _source_file,
        _source_row
    from base_marketing__linkedin_ads_campaigns
    where data_quality_flag = 'valid'
)

select * from valid_campaigns
