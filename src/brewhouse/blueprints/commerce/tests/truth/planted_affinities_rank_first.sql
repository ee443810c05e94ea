{{ config(enabled=var('simulated')) }}

with

truth_affinities as (
    select * from {{ source('truth', 'affinities') }}
),

product_recommendations as (
    select * from {{ ref('product_recommendations') }}
),

planted as (
    select
        product_id,
        partner_product_id
    from truth_affinities
    group by product_id, partner_product_id
    having sum(product_orders) >= 50
),

differences as (
    select
        planted.product_id,
        planted.partner_product_id,
        found.recommended_product_id as found_product_id
    from planted
    left join product_recommendations as found
        on
            planted.product_id = found.source_product_id
            and found.recommendation_rank = 1
    where
        found.recommended_product_id is null
        or found.recommended_product_id <> planted.partner_product_id
)

select * from differences
