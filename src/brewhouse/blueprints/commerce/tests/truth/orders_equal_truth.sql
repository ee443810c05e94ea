{{ config(enabled=var('simulated')) }}

with

expected as (
    {{ surviving_orders() }}
),

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

differences as (
    select
        expected.order_id as expected_order,
        found.order_id as found_order,
        expected.total_amount,
        found.net_amount
    from expected
    full outer join stg_orders as found on expected.order_id = found.order_id
    where
        expected.order_id is null
        or found.order_id is null
        or expected.customer_id <> found.customer_id
        or expected.ordered_at <> found.order_date
        or expected.order_status <> found.order_status
        or expected.total_amount <> found.total_amount
        or {{ net_amount('expected') }} <> found.net_amount
)

select * from differences
