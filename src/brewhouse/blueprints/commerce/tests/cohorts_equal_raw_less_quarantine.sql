with

sales as (
    {{ kept_sales() }}
),

kept_customers as (
    {{ kept_rows('customers') }}
),

monthly_cohorts as (
    select * from {{ ref('monthly_cohorts') }}
),

members as (
    select
        customer_id,
        {{ brewhouse_utils.month_start('registration_date') }} as cohort_month
    from kept_customers
),

expected as (
    select
        members.cohort_month,
        greatest(
            {{ brewhouse_utils.month_start('sales.order_date') }}, members.cohort_month
        ) as activity_month,
        count(distinct sales.customer_id) as active_customers,
        sum(sales.revenue) as cohort_revenue
    from sales
    inner join members on sales.customer_id = members.customer_id
    group by
        members.cohort_month,
        greatest({{ brewhouse_utils.month_start('sales.order_date') }}, members.cohort_month)
),

differences as (
    select
        coalesce(expected.cohort_month, found.cohort_month) as cohort_month,
        coalesce(expected.activity_month, found.activity_month) as activity_month,
        expected.active_customers as expected_customers,
        found.active_customers as found_customers,
        expected.cohort_revenue as expected_revenue,
        found.cohort_revenue as found_revenue
    from expected
    full outer join monthly_cohorts as found
        on
            expected.cohort_month = found.cohort_month
            and expected.activity_month = found.activity_month
    where
        found.cohort_month is null
        or coalesce(expected.active_customers, 0) <> found.active_customers
        or coalesce(expected.cohort_revenue, 0) <> found.cohort_revenue
)

select * from differences
