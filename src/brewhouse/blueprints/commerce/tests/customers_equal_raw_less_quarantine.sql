with

sales as (
    {{ kept_sales() }}
),

customer_lifetime_value as (
    select * from {{ ref('customer_lifetime_value') }}
),

expected as (
    select
        customer_id,
        count(*) as total_orders,
        sum(revenue) as total_revenue
    from sales
    group by customer_id
),

differences as (
    select
        coalesce(expected.customer_id, found.customer_id) as customer_id,
        expected.total_orders as expected_orders,
        found.total_orders as found_orders,
        expected.total_revenue as expected_revenue,
        found.total_revenue as found_revenue
    from expected
    full outer join customer_lifetime_value as found on expected.customer_id = found.customer_id
    where
        found.customer_id is null
        or coalesce(expected.total_orders, 0) <> found.total_orders
        or coalesce(expected.total_revenue, 0) <> found.total_revenue
)

select * from differences
