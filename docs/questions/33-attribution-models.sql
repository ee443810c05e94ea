-- How many customers does each of the six attribution models credit to each channel?
-- asked by: marketing
-- holds: count(*) = 7 and abs(sum(first_touch) - sum(last_touch)) < 0.1 and abs(sum(linear) - sum(last_touch)) < 0.1 and abs(sum(position_based) - sum(last_touch)) < 0.1 and abs(sum(time_decay) - sum(last_touch)) < 0.1 and abs(sum(data_driven) - sum(last_touch)) < 0.1 and bool_and(case channel when 'referral' then data_driven > 1.3 * linear when 'facebook_ads' then data_driven < 0.8 * linear else true end)
select
    channel,
    cast(sum(case when attribution_model = 'first_touch' then credit else 0 end) as decimal(18, 2)) as first_touch,
    cast(sum(case when attribution_model = 'last_touch' then credit else 0 end) as decimal(18, 2)) as last_touch,
    cast(sum(case when attribution_model = 'linear' then credit else 0 end) as decimal(18, 2)) as linear,
    cast(sum(case when attribution_model = 'position_based' then credit else 0 end) as decimal(18, 2))
        as position_based,
    cast(sum(case when attribution_model = 'time_decay' then credit else 0 end) as decimal(18, 2)) as time_decay,
    cast(sum(case when attribution_model = 'data_driven' then credit else 0 end) as decimal(18, 2)) as data_driven,
    cast(sum(credit) as decimal(18, 2)) as credits
from facts.fact_attribution__credits
group by channel
order by linear desc, channel
