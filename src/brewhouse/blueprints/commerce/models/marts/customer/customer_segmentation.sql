with

customer_lifetime_value as (
    select * from {{ ref('customer_lifetime_value') }}
),

segmented as (
    select
        *,
        case
            {%- for segment, condition in segment_conditions().items() %}
            when {{ condition }} then '{{ segment }}'
            {%- endfor %}
        end as behavioral_segment
    from customer_lifetime_value
),

customer_segments as (
    select
        customer_id,
        customer_name,
        email,
        customer_segment,
        total_orders,
        total_revenue,
        avg_order_value,
        days_since_last_order,
        recency_score,
        frequency_score,
        monetary_score,
        rfm_score,
        value_tier,
        customer_status,
        behavioral_segment,
        {{ of_segment('behavioral_segment', 'action') }} as recommended_action,
        {{ of_segment('behavioral_segment', 'priority') }} as segment_priority,
        {{ brewhouse_utils.built_at() }} as last_updated_at
    from segmented
)

select * from customer_segments
