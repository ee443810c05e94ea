with

base_marketing__attribution_touchpoints as (
    select * from {{ ref('base_marketing__attribution_touchpoints') }}
),

valid_touchpoints as (
    select * from base_marketing__attribution_touchpoints
    where data_quality_flag = 'valid'
),

journeys as (
    select
        lead_id,
        min(touchpoint_position) as first_position,
        max(touchpoint_position) as last_position,
        sum(attribution_weight) as total_weight
    from valid_touchpoints
    group by lead_id
),

placed as (
    select
        -- ids
        valid_touchpoints.touchpoint_id,
        valid_touchpoints.lead_id,
        valid_touchpoints.campaign_id,

        -- text
        valid_touchpoints.channel,
        valid_touchpoints.campaign_name,
        valid_touchpoints.medium,
        valid_touchpoints.source,
        valid_touchpoints.content,

        -- classes
        {{ brewhouse_utils.mapped(
            'valid_touchpoints.channel', var('channel_groups'), 'other'
        ) }} as channel_group,
        case
            when journeys.first_position = journeys.last_position then 'only'
            when valid_touchpoints.touchpoint_position = journeys.first_position then 'first'
            when valid_touchpoints.touchpoint_position = journeys.last_position then 'last'
            else 'middle'
        end as position_in_journey,
        valid_touchpoints.data_quality_flag,

        -- numerics
        valid_touchpoints.touchpoint_position,
        valid_touchpoints.attribution_weight,
        {{ brewhouse_utils.ratio(
            'valid_touchpoints.attribution_weight * 10000',
            'cast(journeys.total_weight * 10000 as bigint)'
        ) }} as normalized_attribution_weight,

        -- times
        valid_touchpoints.touchpoint_timestamp,
        valid_touchpoints.created_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _dbt_inserted_at,
        valid_touchpoints._source_file,
        valid_touchpoints._source_row
    from valid_touchpoints
    inner join journeys on valid_touchpoints.lead_id = journeys.lead_id
)

select * from placed
