with

int_product_pairs as (
    select * from {{ ref('int_product_pairs') }}
),

stg_products as (
    select * from {{ ref('stg_products') }}
),

pairs as (
    select
        pairs.product_a_id,
        product_a.product_name as product_a_name,
        product_a.category as product_a_category,
        pairs.product_b_id,
        product_b.product_name as product_b_name,
        product_b.category as product_b_category,
        pairs.times_bought_together,
        {{ brewhouse_utils.ratio(
            'pairs.times_bought_together',
            '(pairs.product_a_total_orders + pairs.product_b_total_orders'
            ~ ' - pairs.times_bought_together)'
        ) }} as pair_frequency,
        pairs.product_a_total_orders,
        pairs.product_b_total_orders,
        {{ brewhouse_utils.ratio('pairs.times_bought_together', 'pairs.product_a_total_orders') }}
            as confidence_a_to_b,
        {{ brewhouse_utils.ratio('pairs.times_bought_together', 'pairs.product_b_total_orders') }}
            as confidence_b_to_a,
        {{ brewhouse_utils.ratio(
            'pairs.times_bought_together * pairs.all_orders',
            'pairs.product_a_total_orders * pairs.product_b_total_orders', 4
        ) }} as lift,
        {{ brewhouse_utils.ratio('pairs.times_bought_together', 'pairs.all_orders') }} as support
    from int_product_pairs as pairs
    inner join stg_products as product_a on pairs.product_a_id = product_a.product_id
    inner join stg_products as product_b on pairs.product_b_id = product_b.product_id
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
