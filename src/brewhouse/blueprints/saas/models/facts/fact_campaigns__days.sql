{%- set models = var('dated_attribution_models') -%}
with

fact_campaigns__reported as (
    select
        *,
        {{ brewhouse_utils.as_of() }} as last_moment
    from {{ ref('fact_campaigns__reported') }}
),

fact_campaigns__delivery as (
    select * from {{ ref('fact_campaigns__delivery') }}
),

-- To the day on which we look: a campaign may be credited long after its end.
days as (
    {{ brewhouse_utils.periods(
        'fact_campaigns__reported', 'campaign_key', 'start_date', 'last_moment', 'day'
    ) }}
),

touches as (
    select
        campaign_id,
        touched_on as happened_on,
        count(*) as touches,
        {{ brewhouse_utils.count_if('campaign_touch_number = 1') }} as leads_touched,
        {{ brewhouse_utils.count_if('touch_number = 1') }} as first_touches
    from {{ ref('fact_leads__touches') }}
    where campaign_id is not null
    group by campaign_id, touched_on
),

conversions as (
    select
        campaign_id,
        converted_on as happened_on,
        {%- for model in models %}
        sum(case when attribution_model = '{{ model }}' then credit end) as {{ model }}_conversions,
        {%- endfor %}
        count(distinct lead_id) as converted_leads
    from {{ ref('fact_attribution__credits') }}
    where campaign_id is not null
    group by campaign_id, converted_on
),

revenue as (
    select
        campaign_id,
        {%- for model in models %}
        sum(case when attribution_model = '{{ model }}' then credited_revenue end)
            as {{ model }}_revenue,
        {%- endfor %}
        revenue_on as happened_on
    from {{ ref('fact_attribution__credits') }}
    where campaign_id is not null and revenue_on is not null
    group by campaign_id, revenue_on
)

select
    days.campaign_key,
    fact_campaigns__reported.campaign_id,
    days.period_start as performance_date,
    -- None after the end; unknown if the platform does not tell, or not yet.
    {%- for total, part in {
        'total_spend': 'spend', 'impressions': 'impressions', 'clicks': 'clicks', 'sends': 'sends'
    }.items() %}
    case
        when
            fact_campaigns__reported.{{ total }} is not null
            and days.period_start > fact_campaigns__reported.end_date
            then cast(0 as {{ 'decimal(18, 2)' if part == 'spend' else 'bigint' }})
        else fact_campaigns__delivery.daily_{{ part }}
    end as daily_{{ part }},
    {%- endfor %}
    coalesce(touches.touches, 0) as touches,
    coalesce(touches.leads_touched, 0) as leads_touched,
    coalesce(touches.first_touches, 0) as first_touches,
    {%- for model in models %}
    cast(coalesce(conversions.{{ model }}_conversions, 0) as decimal(18, 6))
        as {{ model }}_conversions,
    cast(coalesce(revenue.{{ model }}_revenue, 0) as decimal(18, 2)) as {{ model }}_revenue,
    {%- endfor %}
    coalesce(conversions.converted_leads, 0) as converted_leads
from days
inner join fact_campaigns__reported
    on days.campaign_key = fact_campaigns__reported.campaign_key
left join fact_campaigns__delivery
    on
        days.campaign_key = fact_campaigns__delivery.campaign_key
        and days.period_start = fact_campaigns__delivery.delivered_on
{%- for part in ['touches', 'conversions', 'revenue'] %}
left join {{ part }}
    on
        fact_campaigns__reported.campaign_id = {{ part }}.campaign_id
        and days.period_start = {{ part }}.happened_on
{%- endfor %}
