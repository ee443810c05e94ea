with

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

category_sums as (
    select
        product_category,
        count(*) as total_orders,
        count(distinct user_id) as unique_buyers,
        cast(sum(order_amount) as decimal(18, 2)) as total_revenue,
        {{ revenue_of('recurring') }} as recurring_revenue,
        {{ revenue_of('expansion') }} as expansion_revenue,
        {{ revenue_of('one_time') }} as one_time_revenue,
        {{ brewhouse_utils.count_if("payment_method = 'credit_card'") }} as credit_card_orders,
        {{ brewhouse_utils.count_if("payment_method = 'paypal'") }} as paypal_orders,
        {{ brewhouse_utils.count_if("payment_method = 'wire'") }} as wire_orders
    from stg_orders
    group by product_category
),

category_metrics as (
    select
        product_category,
        total_orders,
        unique_buyers,
        total_revenue,
        {{ brewhouse_utils.ratio('total_revenue', 'total_orders', scale=2) }} as avg_order_value,
        recurring_revenue,
        expansion_revenue,
        one_time_revenue,
        credit_card_orders,
        paypal_orders,
        wire_orders,
        {{ brewhouse_utils.ratio('total_revenue', 'total_orders', scale=2) }}
            as revenue_per_order,
        {{ brewhouse_utils.ratio('total_revenue', 'unique_buyers', scale=2) }}
            as revenue_per_buyer,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at
    from category_sums
)

select * from category_metrics
