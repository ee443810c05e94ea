{%- set models = var('attribution_models') -%}

with

int_campaigns__core as (
    select * from {{ ref('int_campaigns__core') }}
),

fact_leads__touches as (
    select * from {{ ref('fact_leads__touches') }}
    where campaign_id is not null
),

fact_leads__journeys as (
    select * from {{ ref('fact_leads__journeys') }}
),

fact_attribution__credits as (
    select * from {{ ref('fact_attribution__credits') }}
    where campaign_id is not null
),

touches as (
    select
        fact_leads__touches.campaign_id,
        count(*) as total_touchpoints,
        {{ brewhouse_utils.count_if('fact_leads__touches.touch_number = 1') }} as first_touches,
        {{ brewhouse_utils.count_if(
            'fact_leads__touches.touch_number = fact_leads__journeys.touches'
        ) }} as last_touches,
        count(distinct fact_leads__touches.lead_id) as total_leads_touched,
        cast(sum(case
            when fact_leads__touches.campaign_touch_number = 1 then fact_leads__journeys.touches
        end) as bigint) as touches_of_leads
    from fact_leads__touches
    left join fact_leads__journeys on fact_leads__touches.lead_id = fact_leads__journeys.lead_id
    group by fact_leads__touches.campaign_id
),

credits as (
    select
        campaign_id,
        {%- for model in models %}
        sum(case when attribution_model = '{{ model }}' then credit end) as {{ model }}_conversions,
        sum(case when attribution_model = '{{ model }}' then credited_revenue end)
            as {{ model }}_revenue,
        {%- endfor %}
        count(distinct lead_id) as converted_leads
    from fact_attribution__credits
    group by campaign_id
),

measured as (
    select
        int_campaigns__core.campaign_key,
        int_campaigns__core.campaign_id,
        int_campaigns__core.platform,
        int_campaigns__core.campaign_name,
        int_campaigns__core.total_spend,
        coalesce(touches.total_leads_touched, 0) as total_leads_touched,
        coalesce(touches.total_touchpoints, 0) as total_touchpoints,
        coalesce(touches.first_touches, 0) as first_touches,
        coalesce(touches.last_touches, 0) as last_touches,
        touches.touches_of_leads,
        {%- for model in models %}
        cast(coalesce(credits.{{ model }}_conversions, 0) as decimal(18, 6))
            as {{ model }}_conversions,
        cast(coalesce(credits.{{ model }}_revenue, 0) as decimal(18, 2)) as {{ model }}_revenue,
        {%- endfor %}
        coalesce(credits.converted_leads, 0) as converted_leads
    from int_campaigns__core
    left join touches on int_campaigns__core.campaign_id = touches.campaign_id
    left join credits on int_campaigns__core.campaign_id = credits.campaign_id
)

select
    *,
    {{ brewhouse_utils.ratio('touches_of_leads', 'total_leads_touched', 2) }}
        as avg_touchpoints_per_lead,
    {{ brewhouse_utils.ratio('converted_leads', 'total_leads_touched') }} as lead_conversion_rate,
    {%- for model in models %}
    {{ cost_per_credit('total_spend', model ~ '_conversions') }} as {{ model }}_cpa,
    {{ roi_percentage(model ~ '_revenue', 'total_spend') }} as {{ model }}_roi_percentage,
    {%- endfor %}
    {{ attribution_pattern('first_touch_conversions', 'last_touch_conversions') }}
        as attribution_pattern,
    coalesce({{ brewhouse_utils.banded(
        cost_per_credit('data_driven_conversions', 'last_touch_conversions', 6),
        var('attribution_performance_floors')
    ) }}, 'unknown') as attribution_performance,
    {{ brewhouse_utils.built_at() }} as _int_updated_at
from measured
