with

fact_leads__touches as (
    select * from {{ ref('fact_leads__touches') }}
),

fact_leads__journeys as (
    select * from {{ ref('fact_leads__journeys') }}
),

journeys as (
    select
        touches,
        count(*) as leads,
        cast(sum(won) as bigint) as won
    from fact_leads__journeys
    group by touches
),

-- How much more often leads are won with each touch more: the slope of a line through all of them.
sums as (
    select
        cast(sum(leads) as bigint) as leads,
        cast(sum(won) as bigint) as won,
        cast(sum(leads * touches) as bigint) as touches,
        cast(sum(leads * touches * touches) as bigint) as squared_touches,
        cast(sum(won * touches) as bigint) as won_touches
    from journeys
),

deviations as (
    select
        won_touches - {{ brewhouse_utils.ratio('touches * won', 'leads', 2) }} as covariance,
        squared_touches - {{ brewhouse_utils.ratio('touches * touches', 'leads', 2) }} as variance
    from sums
),

any_touch as (
    select
        {{ brewhouse_utils.ratio_or_zero(
            'covariance * 10000', 'cast(variance * 10000 as bigint)'
        ) }} as average_effect
    from deviations
),

channel_leads as (
    select distinct
        fact_leads__touches.channel,
        fact_leads__journeys.lead_id,
        fact_leads__journeys.touches,
        fact_leads__journeys.won
    from fact_leads__touches
    inner join fact_leads__journeys
        on fact_leads__touches.lead_id = fact_leads__journeys.lead_id
),

-- Leads with the channel against all leads of as many touches.
comparisons as (
    select
        channel_leads.channel,
        count(*) as leads,
        cast(sum(channel_leads.won) as bigint) as won,
        journeys.leads as all_leads,
        journeys.won as all_won
    from channel_leads
    inner join journeys on channel_leads.touches = journeys.touches
    group by channel_leads.channel, journeys.touches, journeys.leads, journeys.won
),

uplifts as (
    select
        channel,
        cast(sum(leads) as bigint) as leads,
        cast(sum(won) as bigint) as won,
        sum({{ brewhouse_utils.ratio('leads * all_won', 'all_leads') }}) as expected_won,
        sum({{ brewhouse_utils.ratio('leads * (all_leads - leads)', 'all_leads') }}) as weight
    from comparisons
    group by channel
),

effects as (
    select
        uplifts.*,
        any_touch.average_effect,
        {{ brewhouse_utils.ratio_or_zero(
            '(uplifts.won - uplifts.expected_won) * 10000',
            'cast(uplifts.weight * 10000 as bigint)'
        ) }} as uplift
    from uplifts
    cross join any_touch
)

select
    channel,
    leads,
    won,
    cast(expected_won as decimal(18, 2)) as expected_won,
    cast(average_effect as decimal(18, 6)) as average_effect,
    cast(uplift as decimal(18, 6)) as uplift,
    cast(greatest(average_effect + uplift, 0) as decimal(18, 6)) as effect
from effects
