with

stg_marketing__attribution_touchpoints as (
    select * from {{ ref('stg_marketing__attribution_touchpoints') }}
    where touchpoint_timestamp <= {{ brewhouse_utils.as_of() }}
),

-- Of touches at the same moment, the tracker's own order decides.
numbered_touches as (
    select
        touchpoint_id,
        lead_id,
        channel,
        channel_group,
        campaign_id,
        touchpoint_timestamp as touched_at,
        row_number() over (
            partition by lead_id
            order by touchpoint_timestamp, touchpoint_position, touchpoint_id
        ) as touch_number
    from stg_marketing__attribution_touchpoints
)

select
    touchpoint_id,
    lead_id,
    touch_number,
    channel,
    channel_group,
    campaign_id,
    touched_at,
    cast(touched_at as date) as touched_on,
    row_number() over (
        partition by lead_id, campaign_id order by touch_number
    ) as campaign_touch_number,
    {{ brewhouse_utils.seconds_between(
        'lag(touched_at) over (partition by lead_id order by touch_number)', 'touched_at'
    ) }} as seconds_since_last_touch
from numbered_touches
