with

int_sales as (
    select * from {{ ref('int_sales') }}
),

int_customer_sales as (
    select * from {{ ref('int_customer_sales') }}
),

-- An order from before the sign-up belongs to the first month of the cohort.
member_sales as (
    select
        int_sales.customer_id,
        int_customer_sales.signup_month as cohort_month,
        greatest(int_sales.order_month, int_customer_sales.signup_month) as activity_month,
        int_sales.order_id,
        int_sales.order_date,
        int_sales.order_date_only,
        int_sales.revenue
    from int_sales
    inner join int_customer_sales on int_sales.customer_id = int_customer_sales.customer_id
),

neighbours as (
    select
        *,
        lag(order_date_only) over (
            partition by customer_id order by order_date, order_id
        ) as previous_order_date,
        lead(order_date_only) over (
            partition by customer_id order by order_date, order_id
        ) as next_order_date
    from member_sales
),

stays as (
    select
        customer_id,
        cohort_month,
        activity_month,
        order_id,
        revenue,
        coalesce(
            order_date_only - previous_order_date > {{ churned_after_days() }}, true
        ) as is_arrival,
        case
            when
                next_order_date is null
                or next_order_date - order_date_only > {{ churned_after_days() }}
                then cast(order_date_only + {{ churned_after_days() }} + 1 as date)
        end as leaves_on
    from neighbours
)

select * from stays
