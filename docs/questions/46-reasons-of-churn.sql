-- Why did customers leave us?
-- asked by: customer success
-- holds: count(*) = 4 and sum(share_pct) between 99.9 and 100.1 and max(customers) filter (where churn_reason = 'canceled_by_customer') = max(customers) and min(customers) filter (where churn_reason = 'out_of_business') = min(customers)
select
    churn_reason,
    count(*) as customers,
    cast(100.0 * count(*) / nullif(sum(count(*)) over (), 0) as decimal(9, 2)) as share_pct,
    min(churned_on) as first_on,
    max(churned_on) as last_on,
    cast(sum(customer_lifetime_days) / nullif(cast(count(*) as decimal(18, 2)), 0) as decimal(9, 1))
        as lifetime_days_per_customer
from entity.entity_customers
where churn_reason is not null
group by churn_reason
order by customers desc, churn_reason
