with

raw_facebook_ads_campaigns as (
    select * from {{ source('marketing', 'facebook_ads_campaigns') }}
),

readable as (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as campaign_id,
        {{ brewhouse_utils.valid_json('actions') }} as readable_actions
    from raw_facebook_ads_campaigns
),

parsed as (
    select
        -- ids
        campaign_id,

        -- text
        {{ brewhouse_utils.clean_id('name') }} as campaign_name,
        {{ brewhouse_utils.clean_text('status') }} as campaign_status,
        {{ brewhouse_utils.clean_text('objective') }} as objective,
        readable_actions as actions,

        -- numerics
        cast(daily_budget as decimal(18, 2)) as daily_budget,
        cast(lifetime_budget as decimal(18, 2)) as lifetime_budget,
        cast(impressions as bigint) as impressions,
        cast(clicks as bigint) as clicks,
        cast(spend as decimal(18, 2)) as spend,
        coalesce({{ brewhouse_utils.json_list_sum(
            'readable_actions', 'value', 'action_type', 'lead'
        ) }}, 0) as conversions,

        -- times
        created_time,
        start_time,
        stop_time,
        created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from readable
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
            when actions is not null and readable_actions is null then 'broken_json'
            when spend < 0 then 'invalid_value'
            else 'valid'
        end as verdict
    from readable
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'campaign_id',
        ['created_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
