with

int_customer_sales as (
    select * from {{ ref('int_customer_sales') }}
),

int_customer_scores as (
    select * from {{ ref('int_customer_scores') }}
),

customer_values as (
    select
        sales.customer_id,
        sales.customer_name,
        sales.email,
        sales.customer_segment,
        sales.signup_date,
        sales.total_orders,
        sales.total_revenue,
        {{ brewhouse_utils.ratio_or_zero('sales.total_revenue', 'sales.total_orders', 2) }}
            as avg_order_value,
        sales.total_items_purchased,
        sales.first_order_date,
        sales.last_order_date,
        sales.customer_lifespan_days,
        sales.days_since_last_order,
        {{ brewhouse_utils.ratio('365 * sales.recent_revenue', var('lookback_days'), 2) }}
            as estimated_annual_value,
        {{ brewhouse_utils.ratio_or_zero(
            '365 * sales.total_revenue',
            'greatest(sales.days_since_first_order + 1, ' ~ var('lookback_days') ~ ')', 2
        ) }} as historical_annual_value,
        {{ brewhouse_utils.ratio_or_zero(
            '30 * sales.total_orders', 'greatest(sales.days_since_first_order + 1, 30)', 2
        ) }} as orders_per_month,
        scores.recency_score,
        scores.frequency_score,
        scores.monetary_score,
        {{ brewhouse_utils.ratio(
            'scores.recency_score + scores.frequency_score + scores.monetary_score', '3', 2
        ) }} as rfm_score,
        case
            when sales.total_orders = 0 then 'no_purchases'
            when sales.total_revenue >= {{ var('high_value_threshold') }} then 'high_value'
            when sales.total_revenue * 2 >= {{ var('high_value_threshold') }} then 'medium_value'
            else 'low_value'
        end as value_tier,
        {{ customer_status('sales.days_since_last_order') }} as customer_status,
        {{ brewhouse_utils.built_at() }} as last_updated_at,

        -- beyond the published columns
        sales.days_since_first_order,
        sales.recent_revenue
    from int_customer_sales as sales
    inner join int_customer_scores as scores on sales.customer_id = scores.customer_id
)

select * from customer_values
