{%- set weights = attribution_weights(
    'touch_number', 'touches', 'hours_before_last', 'effect', 'total_effect'
) -%}
{%- set in_order = 'over (partition by lead_id, attribution_model order by touch_number)' -%}

with

fact_attribution__touches as (
    select * from {{ ref('fact_attribution__touches') }}
),

models as (
    {%- for model in weights %}
    {{ 'union all ' if not loop.first }}select '{{ model }}' as attribution_model
    {%- endfor %}
),

weighted_touches as (
    select
        fact_attribution__touches.*,
        models.attribution_model,
        cast(
            case models.attribution_model
                {%- for model, weight in weights.items() %}
                when '{{ model }}' then {{ weight }}
                {%- endfor %}
            end as bigint
        ) as weight
    from fact_attribution__touches
    cross join models
),

-- Shares of all touches up to this one are rounded, not its own: so the last one ends at 1.
shares as (
    select
        *,
        {{ brewhouse_utils.ratio(
            'cast(sum(weight) ' ~ in_order ~ ' as bigint)',
            'cast(sum(weight) over (partition by lead_id, attribution_model) as bigint)'
        ) }} as share_so_far
    from weighted_touches
),

sums_so_far as (
    select
        *,
        cast(round(revenue * share_so_far, 2) as decimal(18, 2)) as revenue_so_far
    from shares
)

select
    lead_id,
    touchpoint_id,
    attribution_model,
    account_id,
    channel,
    campaign_id,
    touch_number,
    touched_at,
    converted_on,
    revenue_on,
    cast(share_so_far - coalesce(lag(share_so_far) {{ in_order }}, 0) as decimal(18, 6)) as credit,
    cast(revenue_so_far - coalesce(lag(revenue_so_far) {{ in_order }}, 0) as decimal(18, 2))
        as credited_revenue
from sums_so_far
