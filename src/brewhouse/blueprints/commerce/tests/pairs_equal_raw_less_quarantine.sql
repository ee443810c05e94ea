with

sales as (
    {{ kept_sales() }}
),

kept_items as (
    {{ kept_rows('order_items') }}
),

product_affinity as (
    select * from {{ ref('product_affinity') }}
),

baskets as (
    select distinct
        sales.order_id,
        {{ brewhouse_utils.clean_id('kept_items.product_id') }} as product_id
    from kept_items
    inner join sales on {{ brewhouse_utils.clean_id('kept_items.order_id') }} = sales.order_id
),

expected as (
    select
        first_lines.product_id as product_a_id,
        second_lines.product_id as product_b_id,
        count(*) as times_bought_together
    from baskets as first_lines
    inner join baskets as second_lines on first_lines.order_id = second_lines.order_id
    where first_lines.product_id < second_lines.product_id
    group by first_lines.product_id, second_lines.product_id
),

differences as (
    select
        found.product_a_id,
        found.product_b_id,
        expected.times_bought_together as expected_times,
        found.times_bought_together as found_times
    from product_affinity as found
    left join expected
        on
            found.product_a_id = expected.product_a_id
            and found.product_b_id = expected.product_b_id
    where coalesce(expected.times_bought_together, 0) <> found.times_bought_together
)

select * from differences
