{%- set anomaly = var('touch_anomaly') -%}
{%- set by_day = 'over (partition by campaign_key order by performance_date rows between' -%}

with

fact_campaigns__days as (
    select * from {{ ref('fact_campaigns__days') }}
),

-- The days are dense, so that rows are days.
windows as (
    select
        campaign_key,
        performance_date,
        touches,
        sum(touches) {{ by_day }} 6 preceding and current row) as touches_7d,
        sum(touches) {{ by_day }} 13 preceding and 7 preceding) as touches_7d_before,
        sum(touches) {{ by_day }} {{ anomaly.days }} preceding and 1 preceding) as touches_before
    from fact_campaigns__days
)

select
    campaign_key,
    performance_date,
    cast(touches_7d as bigint) as touches_7d,
    {{ brewhouse_utils.banded(
        brewhouse_utils.ratio('touches_7d', 'cast(touches_7d_before as bigint)'),
        var('touch_trend_floors')
    ) }} as touch_trend_7d,
    coalesce(
        touches_before >= {{ anomaly.least_touches }}
        and touches * {{ anomaly.days }} > {{ anomaly.times }} * touches_before,
        false
    ) as is_touch_anomaly
from windows
