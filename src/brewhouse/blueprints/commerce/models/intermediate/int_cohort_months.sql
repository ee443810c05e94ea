with

int_customer_sales as (
    select * from {{ ref('int_customer_sales') }}
),

int_cohort_members as (
    select * from {{ ref('int_cohort_members') }}
),

clock as (
    select cast({{ brewhouse_utils.as_of() }} as date) as as_of_day
),

cohorts as (
    select
        int_customer_sales.signup_month as cohort_month,
        clock.as_of_day,
        count(*) as cohort_size
    from int_customer_sales
    cross join clock
    group by int_customer_sales.signup_month, clock.as_of_day
),

months as (
    {{ brewhouse_utils.periods('cohorts', 'cohort_month', 'cohort_month', 'as_of_day', 'month') }}
),

activity as (
    select
        cohort_month,
        activity_month,
        count(distinct customer_id) as active_customers,
        count(*) as total_orders,
        cast(sum(revenue) as decimal(18, 2)) as cohort_revenue,
        {{ brewhouse_utils.count_if('is_arrival') }} as arrivals
    from int_cohort_members
    group by cohort_month, activity_month
),

departures as (
    select
        int_cohort_members.cohort_month,
        {{ brewhouse_utils.month_start('int_cohort_members.leaves_on') }} as activity_month,
        count(*) as churned_customers
    from int_cohort_members
    cross join clock
    where int_cohort_members.leaves_on <= clock.as_of_day
    group by
        int_cohort_members.cohort_month,
        {{ brewhouse_utils.month_start('int_cohort_members.leaves_on') }}
),

grid as (
    select
        months.cohort_month,
        months.period_start as activity_month,
        cohorts.cohort_size,
        cohorts.as_of_day,
        coalesce(activity.active_customers, 0) as active_customers,
        coalesce(activity.total_orders, 0) as total_orders,
        cast(coalesce(activity.cohort_revenue, 0) as decimal(18, 2)) as cohort_revenue,
        coalesce(activity.arrivals, 0) as arrivals,
        coalesce(departures.churned_customers, 0) as churned_customers
    from months
    inner join cohorts on months.cohort_month = cohorts.cohort_month
    left join activity
        on
            months.cohort_month = activity.cohort_month
            and months.period_start = activity.activity_month
    left join departures
        on
            months.cohort_month = departures.cohort_month
            and months.period_start = departures.activity_month
)

select * from grid
