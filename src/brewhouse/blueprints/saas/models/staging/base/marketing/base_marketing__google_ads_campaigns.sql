with

raw_google_ads_campaigns as (
    select * from {{ source('marketing', 'google_ads_campaigns') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as campaign_id,

        -- text
        {{ brewhouse_utils.clean_id('name') }} as campaign_name,
        {{ brewhouse_utils.clean_text('status') }} as campaign_status,
        {{ brewhouse_utils.clean_text('campaign_type') }} as campaign_type,
        {{ brewhouse_utils.clean_text('advertising_channel_type') }} as advertising_channel_type,

        -- numerics
        cast(budget_amount as decimal(18, 2)) as budget_amount,
        cast(target_cpa as decimal(18, 2)) as target_cpa,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(cost as decimal(18, 2)) as cost,  -- noqa: RF04
        cast(conversions as decimal(18, 2)) as conversions,

        -- times
        start_date,
        end_date,
        created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_google_ads_campaigns
),

judged as (
    select
        campaign_id,
        created_at,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when campaign_id is null then 'missing_id'
            when cost < 0 then 'invalid_value'
            else 'valid'
        end as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'campaign_id',
        ['created_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
