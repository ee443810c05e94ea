{%- set in_order = 'over (partition by campaign_key order by delivered_on)' -%}
{%- set counts = ['impressions', 'clicks', 'sends'] -%}

with

fact_campaigns__reported as (
    select * from {{ ref('fact_campaigns__reported') }}
),

touches as (
    select
        campaign_id,
        cast(touchpoint_timestamp as date) as touched_on,
        count(*) as touches
    from {{ ref('stg_marketing__attribution_touchpoints') }}
    where campaign_id is not null
    group by campaign_id, cast(touchpoint_timestamp as date)
),

days as (
    {{ brewhouse_utils.periods(
        'fact_campaigns__reported', 'campaign_key', 'start_date', 'last_reported_on', 'day'
    ) }}
),

days_of_campaigns as (
    select
        fact_campaigns__reported.*,
        days.period_start as delivered_on,
        coalesce(touches.touches, 0) as touches,
        sum(coalesce(touches.touches, 0)) over (partition by days.campaign_key) as all_touches
    from days
    inner join fact_campaigns__reported
        on days.campaign_key = fact_campaigns__reported.campaign_key
    left join touches
        on
            fact_campaigns__reported.campaign_id = touches.campaign_id
            and days.period_start = touches.touched_on
),

-- In proportion to the touches of the day; evenly where there are none at all.
parts as (
    select
        *,
        case when all_touches > 0 then touches else 1 end as part
    from days_of_campaigns
),

parts_so_far as (
    select
        *,
        cast(sum(part) {{ in_order }} as bigint) as part_so_far,
        cast(sum(part) over (partition by campaign_key) as bigint) as all_parts
    from parts
),

-- Shares of all days up to this one are rounded, not its own: so the days add up to the total.
sums_so_far as (
    select
        campaign_key,
        delivered_on,
        {%- for column in counts %}
        cast(
            floor({{ brewhouse_utils.ratio(column ~ ' * part_so_far', 'all_parts', 2) }}) as bigint
        ) as {{ column }},
        {%- endfor %}
        {{ brewhouse_utils.ratio('total_spend * part_so_far', 'all_parts', 2) }} as total_spend
    from parts_so_far
)

select
    campaign_key,
    delivered_on,
    {%- for column in counts %}
    {{ column }} - coalesce(lag({{ column }}) {{ in_order }}, 0) as daily_{{ column }},
    {%- endfor %}
    cast(total_spend - coalesce(lag(total_spend) {{ in_order }}, 0) as decimal(18, 2))
        as daily_spend
from sums_so_far
