with

int_customer_sales as (
    select * from {{ ref('int_customer_sales') }}
),

buyers as (
    select * from int_customer_sales
    where total_orders > 0
),

scores as (
    select
        customer_id,
        {{ rfm_score('days_since_last_order', 'recency_days', most_is_best=false) }}
            as recency_score,
        {{ rfm_score('total_orders', 'frequency_orders') }} as frequency_score,
        {{ rfm_score('total_revenue', 'monetary_usd') }} as monetary_score
    from buyers
),

customer_scores as (
    select
        int_customer_sales.customer_id,
        coalesce(scores.recency_score, 0) as recency_score,
        coalesce(scores.frequency_score, 0) as frequency_score,
        coalesce(scores.monetary_score, 0) as monetary_score
    from int_customer_sales
    left join scores on int_customer_sales.customer_id = scores.customer_id
)

select * from customer_scores
