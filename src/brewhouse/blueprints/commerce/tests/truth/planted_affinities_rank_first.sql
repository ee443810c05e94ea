{{ config(enabled=var('simulated')) }}

with

truth_affinities as (
    select * from {{ source('truth', 'affinities') }}
),

product_recommendations as (
    select * from {{ ref('product_recommendations') }}
),

int_sales as (
    select * from {{ ref('int_sales') }}
),

stg_order_items as (
    select * from {{ ref('stg_order_items') }}
),

sold_often as (
    select stg_order_items.product_id
    from stg_order_items
    inner join int_sales on stg_order_items.order_id = int_sales.order_id
    group by stg_order_items.product_id
    having count(*) >= 50
),

differences as (
    select
        truth_affinities.product_id,
        truth_affinities.partner_product_id,
        found.recommended_product_id as found_product_id
    from truth_affinities
    inner join sold_often on truth_affinities.product_id = sold_often.product_id
    left join product_recommendations as found
        on
            truth_affinities.product_id = found.source_product_id
            and found.recommendation_rank = 1
    where
        found.recommended_product_id is null
        or found.recommended_product_id <> truth_affinities.partner_product_id
)

select * from differences
