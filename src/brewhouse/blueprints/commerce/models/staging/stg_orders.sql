with

base_orders as (
    select * from {{ ref('base_orders') }}
),

base_order_items as (
    select * from {{ ref('base_order_items') }}
),

order_sums as (
    select
        order_id,
        count(*) as item_count,
        cast(sum(quantity) as bigint) as total_quantity,
        cast(sum(line_total) as decimal(18, 2)) as calculated_total
    from base_order_items
    where data_quality_flag = 'valid'
    group by order_id
),

valid_orders as (
    select
        -- ids
        base_orders.order_id,
        base_orders.customer_id,

        -- times
        base_orders.order_date,

        -- text
        base_orders.order_status,

        -- numerics
        base_orders.total_amount,
        base_orders.discount_percent,
        base_orders.shipping_cost,

        -- the lines that got through
        coalesce(order_sums.item_count, 0) as item_count,
        coalesce(order_sums.total_quantity, 0) as total_quantity,
        cast(coalesce(order_sums.calculated_total, 0) as decimal(18, 2)) as calculated_total,

        -- parts of the time
        cast(base_orders.order_date as date) as order_date_only,
        {{ brewhouse_utils.month_start('base_orders.order_date') }} as order_month,
        cast(extract(year from base_orders.order_date) as bigint) as order_year,
        {{ brewhouse_utils.weekday_name('base_orders.order_date') }} as order_day_of_week,
        {{ brewhouse_utils.hour_of_day('base_orders.order_date') }} as order_hour,

        -- beyond the published columns
        {{ net_amount('base_orders') }} as net_amount,
        base_orders.order_status in (
            {{ brewhouse_utils.sql_list(var('revenue_order_statuses')) }}
        ) as is_sale,
        base_orders.total_amount = coalesce(order_sums.calculated_total, 0) as has_all_items,
        base_orders.received_at,
        base_orders.is_late,
        base_orders._source_file,
        base_orders._source_row
    from base_orders
    left join order_sums on base_orders.order_id = order_sums.order_id
    where base_orders.data_quality_flag = 'valid'
)

select * from valid_orders
