-- How did the health of our customers develop over the last year, every 30 days?
-- asked by: customer success
-- holds: count(*) = 13 and bool_and(healthy + stable + at_risk + critical = customers) and bool_and(health_score between 50 and 90) and max(customers) > 1.2 * min(customers)
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
    (select max(snapshot_date) from entity.entity_customers_daily) - snapshot_date
    in (0, 30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360)
    and customer_status in ('active', 'suspended')
group by snapshot_date
order by snapshot_date
