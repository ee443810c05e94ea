with

raw_linkedin_ads_campaigns as (
    select * from {{ source('marketing', 'linkedin_ads_campaigns') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as campaign_id,

        -- text
        {{ brewhouse_utils.clean_id('name') }} as campaign_name,
        {{ brewhouse_utils.clean_text('status') }} as campaign_status,
        {{ brewhouse_utils.clean_text('campaign_type') }} as campaign_type,
        {{ brewhouse_utils.clean_text('objective_type') }} as objective_type,

        -- numerics
        cast(daily_budget as decimal(18, 2)) as daily_budget,
        cast(total_budget as decimal(18, 2)) as total_budget,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(cost as decimal(18, 2)) as cost,  -- noqa: RF04
        cast(conversions as bigint) as conversions,

        -- times
        created_time,
        start_date,
        end_date,
        created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_linkedin_ads_campaigns
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
