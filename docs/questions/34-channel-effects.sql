-- Which channels truly make a lead more likely to buy?
-- asked by: marketing
-- holds: count(*) = 7 and max(case when channel = 'referral' then uplift end) = max(uplift) and min(uplift) filter (where channel in ('referral', 'linkedin_ads')) > max(uplift) filter (where channel in ('google_ads', 'email', 'organic')) and min(uplift) filter (where channel in ('google_ads', 'email', 'organic')) > max(uplift) filter (where channel in ('facebook_ads', 'direct'))
select
    channel,
    leads,
    won,
    expected_won,
    uplift,
    effect,
    cast(100.0 * won / nullif(leads, 0) as decimal(9, 2)) as won_pct
from facts.fact_attribution__channel_effects
order by uplift desc, channel
