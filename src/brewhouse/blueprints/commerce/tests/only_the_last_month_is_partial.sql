with

monthly_cohorts as (
    select * from {{ ref('monthly_cohorts') }}
),

clock as (
    select cast({{ brewhouse_utils.as_of() }} as date) as as_of_day
),

wrong_months as (
    select
        monthly_cohorts.cohort_month,
        monthly_cohorts.activity_month,
        monthly_cohorts.is_partial_month
    from monthly_cohorts
    cross join clock
    where
        monthly_cohorts.activity_month > clock.as_of_day
        or monthly_cohorts.is_partial_month is distinct from (
            monthly_cohorts.activity_month + interval '1 month'
            > clock.as_of_day + interval '1 day'
        )
)

select * from wrong_months
