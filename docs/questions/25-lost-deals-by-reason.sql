-- Why do we lose deals, and which competitor takes them?
-- asked by: sales
-- holds: count(*) = 5 and sum(share_pct) between 99.9 and 100.1 and bool_and(share_pct between 12 and 28) and bool_and(to_kegview + to_tapdata + to_in_house <= lost_deals)
select
    closed_lost_reason,
    count(*) as lost_deals,
    sum(deal_amount) as lost_usd,
    cast(100.0 * count(*) / nullif(sum(count(*)) over (), 0) as decimal(9, 2)) as share_pct,
    count(*) filter (where competitor = 'kegview') as to_kegview,
    count(*) filter (where competitor = 'tapdata') as to_tapdata,
    count(*) filter (where competitor = 'in_house') as to_in_house
from mart.mart_sales__pipeline
where pipeline_stage = 'lost'
group by closed_lost_reason
order by lost_deals desc, closed_lost_reason
