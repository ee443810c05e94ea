with

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

stg_customers as (
    select * from {{ ref('stg_customers') }}
),

early_orders as (
    select
        stg_orders.order_id,
        stg_orders.order_date,
        stg_customers.signup_date
    from stg_orders
    inner join stg_customers on stg_orders.customer_id = stg_customers.customer_id
    where stg_orders.order_date_only < stg_customers.signup_date
)

select * from early_orders
