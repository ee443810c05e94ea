with

int_baskets as (
    select * from {{ ref('int_baskets') }}
),

basket_counts as (
    select count(distinct order_id) as all_orders from int_baskets
),

product_counts as (
    select
        product_id,
        count(*) as order_count
    from int_baskets
    group by product_id
),

pair_counts as (
    select
        first_lines.product_id as product_a_id,
        second_lines.product_id as product_b_id,
        count(*) as times_bought_together
    from int_baskets as first_lines
    inner join int_baskets as second_lines
        on
            first_lines.order_id = second_lines.order_id
            and first_lines.product_id < second_lines.product_id
    group by first_lines.product_id, second_lines.product_id
),

product_pairs as (
    select
        pair_counts.product_a_id,
        pair_counts.product_b_id,
        pair_counts.times_bought_together,
        count_a.order_count as product_a_total_orders,
        count_b.order_count as product_b_total_orders,
        basket_counts.all_orders
    from pair_counts
    cross join basket_counts
    inner join product_counts as count_a on pair_counts.product_a_id = count_a.product_id
    inner join product_counts as count_b on pair_counts.product_b_id = count_b.product_id
)

select * from product_pairs
