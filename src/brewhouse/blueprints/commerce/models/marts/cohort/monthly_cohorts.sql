with

int_cohort_months as (
    select * from {{ ref('int_cohort_months') }}
),

running as (
    select
        *,
        {{ brewhouse_utils.months_between('cohort_month', 'activity_month') }}
            as months_since_signup,
        cast(
            sum(cohort_revenue) over (partition by cohort_month order by activity_month)
            as decimal(18, 2)
        ) as cumulative_revenue,
        cast(
            sum(arrivals - churned_customers) over (
                partition by cohort_month order by activity_month
            ) as bigint
        ) as present_customers
    from int_cohort_months
),

rates as (
    select
        *,
        {{ brewhouse_utils.ratio('active_customers', 'cohort_size') }} as retention_rate
    from running
),

monthly_cohorts as (
    select
        cohort_month,
        months_since_signup,
        activity_month,
        cohort_size,
        active_customers,
        retention_rate,
        cohort_revenue,
        {{ brewhouse_utils.ratio_or_zero('cohort_revenue', 'active_customers', 2) }}
            as revenue_per_active_customer,
        {{ brewhouse_utils.ratio('cohort_revenue', 'cohort_size', 2) }}
            as revenue_per_cohort_member,
        total_orders,
        {{ brewhouse_utils.ratio_or_zero('total_orders', 'active_customers', 2) }}
            as orders_per_active_customer,
        cumulative_revenue,
        {{ brewhouse_utils.ratio_or_zero(
            'churned_customers', '(present_customers + churned_customers)'
        ) }} as monthly_churn_rate,
        {{ brewhouse_utils.banded('retention_rate', var('cohort_health_floors')) }}
            as cohort_health,
        {{ brewhouse_utils.ratio('cumulative_revenue', 'cohort_size', 2) }}
            as estimated_ltv_to_date,
        {{ brewhouse_utils.built_at() }} as last_updated_at,

        -- beyond the published columns
        churned_customers,
        present_customers,
        {{ brewhouse_utils.month_start(brewhouse_utils.shift('as_of_day', 1, 'day')) }}
        = activity_month as is_partial_month
    from rates
)

select * from monthly_cohorts
