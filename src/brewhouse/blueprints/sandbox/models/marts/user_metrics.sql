with

int_user_activity as (
    select * from {{ ref('int_user_activity') }}
),

int_user_orders as (
    select * from {{ ref('int_user_orders') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

-- Both models hold one row of each valid user, so an inner join loses nobody.
user_facts as (
    select
        int_user_activity.*,
        int_user_orders.total_orders,
        int_user_orders.total_revenue,
        int_user_orders.avg_order_value,
        int_user_orders.customer_value_segment,
        int_user_orders.buyer_segment,
        int_user_orders.preferred_product_category,
        {{ brewhouse_utils.date_diff_days('int_user_activity.signup_date', 'clock.as_of') }}
            as customer_age_days
    from int_user_activity
    cross join clock
    inner join int_user_orders on int_user_activity.user_id = int_user_orders.user_id
),

metrics as (
    select
        user_id,
        created_at,
        country_code,
        referrer_source,
        signup_date,
        total_events,
        active_days,
        pageviews,
        total_sessions,
        avg_events_per_active_day,
        avg_events_per_session,
        user_lifecycle_stage,
        days_since_last_activity,
        total_orders,
        total_revenue,
        avg_order_value,
        customer_value_segment,
        buyer_segment,
        preferred_product_category,
        {{ brewhouse_utils.ratio_or_zero('total_orders', 'pageviews') }}
            as overall_conversion_rate,
        {{ brewhouse_utils.ratio_or_zero('total_revenue', 'active_days', scale=2) }}
            as revenue_per_active_day,
        customer_age_days,
        {{ brewhouse_utils.ratio_or_zero('total_revenue', 'customer_age_days', scale=2) }}
            as daily_customer_value,
        least(
            100,
            active_days * 2
            + total_orders * 5
            + case when total_revenue > 100 then 20 else 0 end
            + case when user_lifecycle_stage = 'active' then 15 else 0 end
        ) as user_quality_score,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at
    from user_facts
)

select * from metrics
