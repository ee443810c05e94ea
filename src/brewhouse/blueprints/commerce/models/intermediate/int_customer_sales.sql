with

stg_customers as (
    select * from {{ ref('stg_customers') }}
),

int_sales as (
    select * from {{ ref('int_sales') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

sums as (
    select
        int_sales.customer_id,
        count(*) as total_orders,
        cast(sum(int_sales.revenue) as decimal(18, 2)) as total_revenue,
        cast(sum(int_sales.total_quantity) as bigint) as total_items_purchased,
        min(int_sales.order_date_only) as first_order_date,
        max(int_sales.order_date_only) as last_order_date,
        cast(sum(
            case
                when
                    {{ brewhouse_utils.date_diff_days('int_sales.order_date', 'clock.as_of') }}
                    < {{ var('lookback_days') }}
                    then int_sales.revenue
                else 0
            end
        ) as decimal(18, 2)) as recent_revenue
    from int_sales
    cross join clock
    group by int_sales.customer_id
),

customer_sales as (
    select
        stg_customers.customer_id,
        stg_customers.customer_name,
        stg_customers.email,
        stg_customers.customer_segment,
        stg_customers.signup_date,
        stg_customers.signup_month,
        coalesce(sums.total_orders, 0) as total_orders,
        cast(coalesce(sums.total_revenue, 0) as decimal(18, 2)) as total_revenue,
        coalesce(sums.total_items_purchased, 0) as total_items_purchased,
        sums.first_order_date,
        sums.last_order_date,
        cast(coalesce(sums.recent_revenue, 0) as decimal(18, 2)) as recent_revenue,
        {{ brewhouse_utils.date_diff_days('sums.first_order_date', 'sums.last_order_date') }}
            as customer_lifespan_days,
        {{ brewhouse_utils.date_diff_days('sums.first_order_date', 'clock.as_of') }}
            as days_since_first_order,
        {{ brewhouse_utils.date_diff_days('sums.last_order_date', 'clock.as_of') }}
            as days_since_last_order
    from stg_customers
    cross join clock
    left join sums on stg_customers.customer_id = sums.customer_id
    where stg_customers.signup_date <= clock.as_of or sums.customer_id is not null
)

select * from customer_sales
