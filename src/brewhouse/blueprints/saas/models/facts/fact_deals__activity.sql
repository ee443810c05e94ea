with

stg_hubspot__deals as (
    select * from {{ ref('stg_hubspot__deals') }}
),

stg_hubspot__engagements as (
    select * from {{ ref('stg_hubspot__engagements') }}
    where hubspot_deal_id is not null
),

-- A deal is closed when it was last changed; what is said afterwards did not close it.
deals as (
    select
        hubspot_deal_id,
        deal_created_at,
        case when standardized_stage in ('won', 'lost') then deal_modified_at end as closed_at
    from stg_hubspot__deals
),

deal_engagements as (
    select
        deals.hubspot_deal_id,
        stg_hubspot__engagements.engagement_type,
        stg_hubspot__engagements.engagement_timestamp,
        stg_hubspot__engagements.duration_minutes
    from deals
    inner join stg_hubspot__engagements
        on deals.hubspot_deal_id = stg_hubspot__engagements.hubspot_deal_id
    where
        stg_hubspot__engagements.engagement_timestamp <= {{ brewhouse_utils.as_of() }}
        and (
            deals.closed_at is null
            or stg_hubspot__engagements.engagement_timestamp <= deals.closed_at
        )
),

activity as (
    select
        hubspot_deal_id,
        count(*) as engagement_count,
        {{ brewhouse_utils.count_if("engagement_type = 'call'") }} as call_count,
        {{ brewhouse_utils.count_if("engagement_type = 'meeting'") }} as meeting_count,
        {{ brewhouse_utils.count_if("engagement_type = 'email'") }} as email_count,
        cast(coalesce(sum(duration_minutes), 0) as decimal(18, 2)) as conversation_minutes,
        min(engagement_timestamp) as first_engagement_at,
        max(engagement_timestamp) as last_engagement_at
    from deal_engagements
    group by hubspot_deal_id
)

select
    deals.hubspot_deal_id,
    deals.deal_created_at,
    deals.closed_at,
    coalesce(activity.engagement_count, 0) as engagement_count,
    coalesce(activity.call_count, 0) as call_count,
    coalesce(activity.meeting_count, 0) as meeting_count,
    coalesce(activity.email_count, 0) as email_count,
    cast(coalesce(activity.conversation_minutes, 0) as decimal(18, 2)) as conversation_minutes,
    activity.first_engagement_at,
    activity.last_engagement_at,
    {{ brewhouse_utils.date_diff_days(
        'deals.deal_created_at', 'coalesce(deals.closed_at, ' ~ brewhouse_utils.as_of() ~ ')'
    ) }} as days_open,
    {{ brewhouse_utils.date_diff_days(
        'coalesce(activity.last_engagement_at, deals.deal_created_at)',
        'coalesce(deals.closed_at, ' ~ brewhouse_utils.as_of() ~ ')'
    ) }} as days_since_last_engagement
from deals
left join activity
    on deals.hubspot_deal_id = activity.hubspot_deal_id
