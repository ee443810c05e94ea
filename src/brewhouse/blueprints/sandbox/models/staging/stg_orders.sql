with

base_orders as (
    select * from {{ ref('base_orders') }}
),

categorised as (
    select
        -- ids
        order_id,
        user_id,

        -- numerics
        order_amount,

        -- text
        product_category,
        payment_method,

        -- classes
        case
            when order_amount < 50 then 'small'
            when order_amount <= 200 then 'medium'
            else 'large'
        end as order_size_category,
        case
            when payment_method
                in ({{ brewhouse_utils.sql_list(var('card_payment_methods')) }})
                then 'card'
            when payment_method
                in ({{ brewhouse_utils.sql_list(var('digital_wallet_payment_methods')) }})
                then 'digital_wallet'
            else 'other'
        end as payment_method_group,
        case
            when product_category
                in ({{ brewhouse_utils.sql_list(var('recurring_product_categories')) }})
                then 'recurring'
            when product_category
                in ({{ brewhouse_utils.sql_list(var('expansion_product_categories')) }})
                then 'expansion'
            else 'one_time'
        end as revenue_type,

        -- bookkeeping
        data_quality_flag,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at,

        -- beyond the published columns
        created_at,
        cast(created_at as date) as order_date,
        received_at,
        is_late,
        _source_file,
        _source_row
    from base_orders
    where data_quality_flag = 'valid'
)

select * from categorised
