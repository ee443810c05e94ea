-- Do leads buy more often the more we touch them?
-- asked by: marketing
-- holds: count(*) = 6 and max(converted_pct) filter (where touches = 6) > 1.2 * max(converted_pct) filter (where touches = 1) and max(converted_pct) filter (where touches = 5) > max(converted_pct) filter (where touches = 2)
select
    touches,
    count(*) as qualified_leads,
    cast(sum(won) as bigint) as customers,
    cast(100.0 * sum(won) / nullif(count(*), 0) as decimal(9, 2)) as converted_pct
from facts.fact_leads__journeys
group by touches
order by touches
