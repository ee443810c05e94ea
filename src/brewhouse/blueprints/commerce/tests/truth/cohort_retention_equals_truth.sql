{{ config(enabled=var('simulated')) }}

with

true_orders as (
    {{ surviving_orders() }}
),

truth_customers as (
    select * from {{ source('truth', 'customers') }}
),

monthly_cohorts as (
    select * from {{ ref('monthly_cohorts') }}
),

sizes as (
    select
        {{ brewhouse_utils.month_start('registered_at') }} as cohort_month,
        count(*) as cohort_size
    from truth_customers
    group by {{ brewhouse_utils.month_start('registered_at') }}
),

activity as (
    select
        {{ brewhouse_utils.month_start('truth_customers.registered_at') }} as cohort_month,
        {{ brewhouse_utils.month_start('true_orders.ordered_at') }} as activity_month,
        count(distinct true_orders.customer_id) as active_customers
    from true_orders
    inner join truth_customers on true_orders.customer_id = truth_customers.customer_id
    where
        true_orders.order_status
        in ({{ brewhouse_utils.sql_list(var('revenue_order_statuses')) }})
    group by
        {{ brewhouse_utils.month_start('truth_customers.registered_at') }},
        {{ brewhouse_utils.month_start('true_orders.ordered_at') }}
),

differences as (
    select
        found.cohort_month,
        found.activity_month,
        found.retention_rate,
        sizes.cohort_size as expected_size,
        activity.active_customers as expected_customers
    from monthly_cohorts as found
    left join sizes on found.cohort_month = sizes.cohort_month
    full outer join activity
        on
            found.cohort_month = activity.cohort_month
            and found.activity_month = activity.activity_month
    where
        found.cohort_month is null
        or sizes.cohort_size is null
        or sizes.cohort_size <> found.cohort_size
        or coalesce(activity.active_customers, 0) <> found.active_customers
        or {{ brewhouse_utils.ratio(
            'coalesce(activity.active_customers, 0)', 'sizes.cohort_size'
        ) }} <> found.retention_rate
)

select * from differences
