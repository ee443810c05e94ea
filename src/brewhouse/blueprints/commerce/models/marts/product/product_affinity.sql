with

int_sales as (
    select * from {{ ref('int_sales') }}
),

stg_order_items as (
    select * from {{ ref('stg_order_items') }}
),

stg_products as (
    select * from {{ ref('stg_products') }}
),

baskets as (
    select distinct
        stg_order_items.order_id,
        stg_order_items.product_id
    from stg_order_items
    inner join int_sales on stg_order_items.order_id = int_sales.order_id
),

basket_count as (
    select count(distinct order_id) as all_orders from baskets
),

product_counts as (
    select
        product_id,
        count(*) as order_count
    from baskets
    group by product_id
),

pair_counts as (
    select
        first_lines.product_id as product_a_id,
        second_lines.product_id as product_b_id,
        count(*) as times_bought_together
    from baskets as first_lines
    inner join baskets as second_lines
        on
            first_lines.order_id = second_lines.order_id
            and first_lines.product_id < second_lines.product_id
    group by first_lines.product_id, second_lines.product_id
),

pairs as (
    select
        pair_counts.product_a_id,
        product_a.product_name as product_a_name,
        product_a.category as product_a_category,
        pair_counts.product_b_id,
        product_b.product_name as product_b_name,
        product_b.category as product_b_category,
        pair_counts.times_bought_together,
        {{ brewhouse_utils.ratio(
            'pair_counts.times_bought_together',
            '(count_a.order_count + count_b.order_count - pair_counts.times_bought_together)'
        ) }} as pair_frequency,
        count_a.order_count as product_a_total_orders,
        count_b.order_count as product_b_total_orders,
        {{ brewhouse_utils.ratio('pair_counts.times_bought_together', 'count_a.order_count') }}
            as confidence_a_to_b,
        {{ brewhouse_utils.ratio('pair_counts.times_bought_together', 'count_b.order_count') }}
            as confidence_b_to_a,
        {{ brewhouse_utils.ratio(
            'pair_counts.times_bought_together * basket_count.all_orders',
            'count_a.order_count * count_b.order_count', 4
        ) }} as lift,
        {{ brewhouse_utils.ratio('pair_counts.times_bought_together', 'basket_count.all_orders') }}
            as support
    from pair_counts
    cross join basket_count
    inner join product_counts as count_a on pair_counts.product_a_id = count_a.product_id
    inner join product_counts as count_b on pair_counts.product_b_id = count_b.product_id
    inner join stg_products as product_a on pair_counts.product_a_id = product_a.product_id
    inner join stg_products as product_b on pair_counts.product_b_id = product_b.product_id
),

affinities as (
    select
        *,
        {{ affinity_strength('lift', 'greatest(confidence_a_to_b, confidence_b_to_a)') }}
            as affinity_strength,
        case
            {%- for floor in var('priority_floors') %}
            when lift >= {{ floor.lift }} and times_bought_together >= {{ floor.orders }}
                then {{ loop.index }}
            {%- endfor %}
            else {{ var('priority_floors') | length + 1 }}
        end as recommendation_priority,
        {{ brewhouse_utils.built_at() }} as last_updated_at
    from pairs
    where
        times_bought_together >= {{ var('min_pair_orders') }}
        and support >= {{ var('min_pair_support') }}
        and lift > {{ var('min_pair_lift') }}
)

select * from affinities
