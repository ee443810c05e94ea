{%- set models = var('dated_attribution_models') -%}
{%- set model = var('campaign_attribution_model') -%}
{%- set so_far = 'over (partition by campaign_key order by performance_date)' -%}

with

fact_campaigns__days as (
    select * from {{ ref('fact_campaigns__days') }}
),

fact_campaigns__reported as (
    select * from {{ ref('fact_campaigns__reported') }}
),

sums_so_far as (
    select
        campaign_key,
        performance_date,
        cast(sum(daily_spend) {{ so_far }} as decimal(18, 2)) as total_spend,
        {%- for column in ['impressions', 'clicks', 'sends'] %}
        cast(sum(daily_{{ column }}) {{ so_far }} as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in ['touches', 'leads_touched', 'first_touches'] %}
        cast(sum({{ column }}) {{ so_far }} as bigint) as {{ column }},
        {%- endfor %}
        {%- for model in models %}
        cast(sum({{ model }}_conversions) {{ so_far }} as decimal(18, 6))
            as {{ model }}_conversions,
        cast(sum({{ model }}_revenue) {{ so_far }} as decimal(18, 2)) as {{ model }}_revenue,
        {%- endfor %}
        cast(sum(converted_leads) {{ so_far }} as bigint) as converted_leads
    from fact_campaigns__days
),

-- All campaigns together, and those of which the cost is known, are what each is measured by.
all_campaigns as (
    select
        performance_date,
        cast(sum(leads_touched) as bigint) as all_leads,
        cast(sum(converted_leads) as bigint) as all_won,
        {{ return_on_spend(
            'sum(case when total_spend is not null then ' ~ model ~ '_revenue end)',
            'sum(total_spend)'
        ) }} as all_return
    from sums_so_far
    group by performance_date
),

scored as (
    select
        sums_so_far.*,
        fact_campaigns__reported.start_date,
        fact_campaigns__reported.end_date,
        case
            when sums_so_far.performance_date > fact_campaigns__reported.end_date then 'ended'
            else 'active'
        end as campaign_status,
        {{ return_on_spend(
            'sums_so_far.' ~ model ~ '_revenue', 'sums_so_far.total_spend'
        ) }} as return_on_spend,
        {{ campaign_score(
            'sums_so_far.leads_touched', 'sums_so_far.converted_leads', 'all_campaigns.all_leads',
            'all_campaigns.all_won',
            return_on_spend('sums_so_far.' ~ model ~ '_revenue', 'sums_so_far.total_spend'),
            'all_campaigns.all_return'
        ) }} as performance_score
    from sums_so_far
    inner join all_campaigns on sums_so_far.performance_date = all_campaigns.performance_date
    inner join fact_campaigns__reported
        on sums_so_far.campaign_key = fact_campaigns__reported.campaign_key
),

classified as (
    select
        *,
        {{ campaign_stage('performance_date', 'start_date', 'end_date') }}
            as campaign_lifecycle_stage,
        coalesce(
            {{ brewhouse_utils.banded('performance_score', var('campaign_score_floors')) }},
            'too_early'
        ) as performance_tier,
        {{ attribution_pattern('first_touch_conversions', 'last_touch_conversions') }}
            as attribution_pattern
    from scored
)

select
    *,
    {{ campaign_recommendation('campaign_status', 'performance_tier') }}
        as optimization_recommendation
from classified
