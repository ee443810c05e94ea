with

base_marketing__google_ads_campaigns as (
    select * from {{ ref('base_marketing__google_ads_campaigns') }}
),

valid_campaigns as (
    select
        -- ids
        campaign_id,

        -- text
        campaign_name,
        campaign_status,
        campaign_type,
        advertising_channel_type,

        -- numerics
        budget_amount,
        target_cpa,
        impressions,
        clicks,
        cost,
        conversions,
        {{ brewhouse_utils.ratio('clicks', 'impressions') }} as click_through_rate,
        {{ brewhouse_utils.ratio('cost', 'clicks', 2) }} as cost_per_click,
        -- A share of a conversion counts too; counted in hundredths it is a whole number.
        {{ brewhouse_utils.ratio('cost * 100', 'cast(conversions * 100 as bigint)', 2) }}
            as cost_per_conversion,
        {{ brewhouse_utils.ratio('conversions', 'clicks') }} as conversion_rate,

        -- times
        start_date,
        end_date,
        created_at,

        -- bookkeeping
        _loaded_at,
        _source_file,
        _source_row
    from base_marketing__google_ads_campaigns
    where data_quality_flag = 'valid'
)

select * from valid_campaigns
