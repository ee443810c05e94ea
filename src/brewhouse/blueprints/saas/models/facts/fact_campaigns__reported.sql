with

google_campaigns as (
    select
        'google' as platform,
        campaign_id,
        campaign_name,
        campaign_type,
        cast(null as {{ dbt.type_string() }}) as objective,
        campaign_status as reported_status,
        start_date,
        end_date,
        cast(start_date as timestamp) as campaign_created_at,
        created_at as reported_at,
        cost as total_spend,
        impressions,
        clicks,
        cast(null as bigint) as sends,
        cast(conversions as decimal(18, 2)) as claimed_conversions
    from {{ ref('stg_marketing__google_ads_campaigns') }}
),

-- Facebook names the moment at which a campaign stops; its last day is the one before.
facebook_campaigns as (
    select
        'facebook' as platform,
        campaign_id,
        campaign_name,
        objective as campaign_type,
        objective,
        campaign_status as reported_status,
        cast(start_time as date) as start_date,
        cast({{ brewhouse_utils.shift('stop_time', -1, 'second') }} as date) as end_date,
        created_time as campaign_created_at,
        created_at as reported_at,
        spend as total_spend,
        impressions,
        clicks,
        cast(null as bigint) as sends,
        cast(conversions as decimal(18, 2)) as claimed_conversions
    from {{ ref('stg_marketing__facebook_ads_campaigns') }}
),

linkedin_campaigns as (
    select
        'linkedin' as platform,
        campaign_id,
        campaign_name,
        campaign_type,
        objective_type as objective,
        campaign_status as reported_status,
        start_date,
        end_date,
        created_time as campaign_created_at,
        created_at as reported_at,
        cost as total_spend,
        impressions,
        clicks,
        cast(null as bigint) as sends,
        cast(conversions as decimal(18, 2)) as claimed_conversions
    from {{ ref('stg_marketing__linkedin_ads_campaigns') }}
),

-- Iterable knows what it sent, and nothing of costs, views and clicks.
iterable_campaigns as (
    select
        'iterable' as platform,
        campaign_id,
        campaign_name,
        campaign_type,
        cast(null as {{ dbt.type_string() }}) as objective,
        campaign_status as reported_status,
        cast(start_at as date) as start_date,
        cast({{ brewhouse_utils.shift('ended_at', -1, 'second') }} as date) as end_date,
        created_at_source as campaign_created_at,
        created_at as reported_at,
        cast(null as decimal(18, 2)) as total_spend,
        cast(null as bigint) as impressions,
        cast(null as bigint) as clicks,
        send_size as sends,
        cast(null as decimal(18, 2)) as claimed_conversions
    from {{ ref('stg_marketing__iterable_campaigns') }}
),

campaigns as (
    select * from google_campaigns
    union all
    select * from facebook_campaigns
    union all
    select * from linkedin_campaigns
    union all
    select * from iterable_campaigns
)

select
    {{ brewhouse_utils.surrogate_key(['platform', 'campaign_id']) }} as campaign_key,
    *,
    least(end_date, cast(reported_at as date)) as last_reported_on
from campaigns
where start_date <= cast({{ brewhouse_utils.as_of() }} as date)
