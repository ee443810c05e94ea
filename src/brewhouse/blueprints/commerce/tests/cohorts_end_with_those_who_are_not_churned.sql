with

monthly_cohorts as (
    select * from {{ ref('monthly_cohorts') }}
),

customer_lifetime_value as (
    select * from {{ ref('customer_lifetime_value') }}
),

clock as (
    select {{ brewhouse_utils.month_start(brewhouse_utils.as_of()) }} as last_month
),

present as (
    select
        monthly_cohorts.cohort_month,
        monthly_cohorts.present_customers
    from monthly_cohorts
    inner join clock on monthly_cohorts.activity_month = clock.last_month
),

expected as (
    select
        {{ brewhouse_utils.month_start('signup_date') }} as cohort_month,
        {{ brewhouse_utils.count_if("customer_status in ('active', 'at_risk')") }} as customers
    from customer_lifetime_value
    group by {{ brewhouse_utils.month_start('signup_date') }}
),

differences as (
    select
        coalesce(expected.cohort_month, present.cohort_month) as cohort_month,
        expected.customers,
        present.present_customers
    from expected
    full outer join present on expected.cohort_month = present.cohort_month
    where
        expected.customers is null
        or present.present_customers is null
        or expected.customers <> present.present_customers
)

select * from differences
