{{ config(enabled=var('simulated')) }}

with

cohort_summary as (
    select * from {{ ref('cohort_summary') }}
),

truth_users as (
    select * from {{ source('truth', 'users') }}
),

expected as (
    select
        cohort_month,
        count(*) as cohort_size
    from truth_users
    group by cohort_month
),

differences as (
    select
        coalesce(expected.cohort_month, cohort_summary.cohort_month) as cohort_month,
        expected.cohort_size as expected_size,
        cohort_summary.cohort_size as found_size
    from expected
    full outer join cohort_summary on expected.cohort_month = cohort_summary.cohort_month
    where
        expected.cohort_size is null
        or cohort_summary.cohort_size is null
        or expected.cohort_size <> cohort_summary.cohort_size
)

select * from differences
