with

user_metrics as (
    select * from {{ ref('user_metrics') }}
),

cohorts as (
    select
        {{ brewhouse_utils.month_start('signup_date') }} as cohort_month,
        count(*) as cohort_size,
        {{ brewhouse_utils.count_if('total_orders > 0') }} as buyers_in_cohort,
        cast(sum(total_revenue) as decimal(18, 2)) as cohort_revenue,
        {{ brewhouse_utils.count_if("user_lifecycle_stage = 'active'") }} as active_users,
        {{ brewhouse_utils.count_if("user_lifecycle_stage = 'engaged'") }} as engaged_users,
        {{ brewhouse_utils.count_if("user_lifecycle_stage = 'dormant'") }} as dormant_users,
        cast(sum(customer_age_days) as bigint) as customer_age_days,
        {{ brewhouse_utils.percentile('customer_age_days', 0.5) }} as median_customer_age_days
    from user_metrics
    group by {{ brewhouse_utils.month_start('signup_date') }}
),

cohort_rates as (
    select
        cohort_month,
        cohort_size,
        buyers_in_cohort,
        cohort_revenue,
        {{ brewhouse_utils.ratio('cohort_revenue', 'cohort_size', scale=2) }}
            as avg_revenue_per_user,
        {{ brewhouse_utils.ratio('100 * buyers_in_cohort', 'cohort_size') }}
            as buyer_conversion_rate_pct,
        {{ brewhouse_utils.ratio('100 * active_users', 'cohort_size') }}
            as active_retention_rate_pct,
        {{ brewhouse_utils.ratio('100 * (active_users + engaged_users)', 'cohort_size') }}
            as engaged_retention_rate_pct,
        {{ brewhouse_utils.ratio_or_zero('cohort_revenue', 'buyers_in_cohort', scale=2) }}
            as avg_revenue_per_buyer,
        {{ brewhouse_utils.ratio('customer_age_days', 'cohort_size') }} as avg_customer_age_days,
        median_customer_age_days,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at,

        -- beyond the published columns
        active_users,
        engaged_users,
        dormant_users
    from cohorts
)

select * from cohort_rates
