with

stg_users as (
    select * from {{ ref('stg_users') }}
),

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

order_sums as (
    select
        user_id,
        count(*) as total_orders,
        cast(sum(order_amount) as decimal(18, 2)) as total_revenue,
        cast(min(order_amount) as decimal(18, 2)) as min_order_value,
        cast(max(order_amount) as decimal(18, 2)) as max_order_value,
        {{ revenue_of('recurring') }} as recurring_revenue,
        {{ revenue_of('expansion') }} as expansion_revenue,
        {{ revenue_of('one_time') }} as one_time_revenue,
        count(distinct product_category) as unique_product_categories,
        count(distinct payment_method) as unique_payment_methods
    from stg_orders
    group by user_id
),

preferred_categories as (
    {{ brewhouse_utils.most_frequent('stg_orders', 'user_id', 'product_category') }}
),

preferred_methods as (
    {{ brewhouse_utils.most_frequent('stg_orders', 'user_id', 'payment_method') }}
),

user_sums as (
    select
        stg_users.user_id,
        stg_users.created_at,
        stg_users.country_code,
        stg_users.referrer_source,
        coalesce(order_sums.total_orders, 0) as total_orders,
        cast(coalesce(order_sums.total_revenue, 0) as decimal(18, 2)) as total_revenue,
        order_sums.min_order_value,
        order_sums.max_order_value,
        cast(coalesce(order_sums.recurring_revenue, 0) as decimal(18, 2)) as recurring_revenue,
        cast(coalesce(order_sums.expansion_revenue, 0) as decimal(18, 2)) as expansion_revenue,
        cast(coalesce(order_sums.one_time_revenue, 0) as decimal(18, 2)) as one_time_revenue,
        coalesce(order_sums.unique_product_categories, 0) as unique_product_categories,
        coalesce(order_sums.unique_payment_methods, 0) as unique_payment_methods,
        preferred_categories.product_category as preferred_product_category,
        preferred_methods.payment_method as preferred_payment_method
    from stg_users
    left join order_sums on stg_users.user_id = order_sums.user_id
    left join preferred_categories on stg_users.user_id = preferred_categories.user_id
    left join preferred_methods on stg_users.user_id = preferred_methods.user_id
),

user_orders as (
    select
        user_id,
        created_at,
        country_code,
        referrer_source,
        total_orders,
        total_revenue,
        {{ brewhouse_utils.ratio_or_zero('total_revenue', 'total_orders', scale=2) }}
            as avg_order_value,
        min_order_value,
        max_order_value,
        recurring_revenue,
        expansion_revenue,
        one_time_revenue,
        unique_product_categories,
        unique_payment_methods,
        preferred_product_category,
        preferred_payment_method,
        case
            when total_revenue > {{ var('high_value_customer_threshold') }} then 'high_value'
            when total_revenue > {{ var('medium_value_customer_threshold') }} then 'medium_value'
            when total_revenue > 0 then 'low_value'
            else 'no_purchases'
        end as customer_value_segment,
        case
            when total_orders = 0 then 'non_buyer'
            when total_orders = 1 then 'one_time_buyer'
            when total_orders <= 5 then 'repeat_buyer'
            else 'loyal_buyer'
        end as buyer_segment,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at
    from user_sums
)

select * from user_orders
