{#- Of each won lead with a touch and each model, the credits add up to 1 and the revenue to its
    revenue. -#}

with

fact_attribution__credits as (
    select * from {{ ref('fact_attribution__credits') }}
),

fact_leads__conversions as (
    select * from {{ ref('fact_leads__conversions') }}
),

sums as (
    select
        lead_id,
        attribution_model,
        sum(credit) as credit,
        sum(credited_revenue) as credited_revenue
    from fact_attribution__credits
    group by lead_id, attribution_model
),

leads_by_models as (
    select
        fact_leads__conversions.lead_id,
        fact_leads__conversions.revenue,
        count(sums.lead_id) as models,
        {{ brewhouse_utils.count_if(
            'sums.credit = 1 and sums.credited_revenue = fact_leads__conversions.revenue'
        ) }} as models_that_add_up
    from fact_leads__conversions
    inner join sums on fact_leads__conversions.lead_id = sums.lead_id
    group by fact_leads__conversions.lead_id, fact_leads__conversions.revenue
)

select *
from leads_by_models
where
    models <> {{ var('attribution_models') | length }}
    or models_that_add_up <> models
