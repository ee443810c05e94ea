-- How did the health of our customers develop over the last 12 months?
-- asked by: customer success
-- holds: count(*) between 12 and 13 and bool_and(healthy + stable + at_risk + critical = customers) and bool_and(health_score between 50 and 90) and max(customers) > 1.2 * min(customers)
select
    snapshot_date,
    count(*) as customers,
    count(*) filter (where health_band = 'healthy') as healthy,
    count(*) filter (where health_band = 'stable') as stable,
    count(*) filter (where health_band = 'at_risk') as at_risk,
    count(*) filter (where health_band = 'critical') as critical,
    cast(sum(customer_health_score) / nullif(count(*), 0) as decimal(9, 2)) as health_score
from entity.entity_customers_daily
where
    snapshot_date >= (select cast(max(snapshot_date) - interval '1 year' as date) from entity.entity_customers_daily)
    and extract(day from snapshot_date + 1) = 1
    and customer_status in ('active', 'suspended')
group by snapshot_date
order by snapshot_date
