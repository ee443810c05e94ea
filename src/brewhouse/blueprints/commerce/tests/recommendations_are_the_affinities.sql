with

product_affinity as (
    select * from {{ ref('product_affinity') }}
),

product_recommendations as (
    select * from {{ ref('product_recommendations') }}
),

directions as (
    select
        product_a_id as source_product_id,
        product_b_id as recommended_product_id,
        confidence_a_to_b as confidence,
        lift
    from product_affinity
    union all
    select
        product_b_id as source_product_id,
        product_a_id as recommended_product_id,
        confidence_b_to_a as confidence,
        lift
    from product_affinity
),

eligible as (
    select * from directions
    where
        {{ affinity_strength('lift', 'confidence') }}
        in ({{ brewhouse_utils.sql_list(var('recommended_affinities')) }})
),

worst as (
    select
        source_product_id,
        min(confidence) as least_confidence,
        count(*) as recommendation_count
    from product_recommendations
    group by source_product_id
),

-- Whatever is better than the worst that is recommended is recommended as well, up to the limit.
left_out as (
    select
        eligible.source_product_id,
        eligible.recommended_product_id
    from eligible
    left join product_recommendations as found
        on
            eligible.source_product_id = found.source_product_id
            and eligible.recommended_product_id = found.recommended_product_id
    left join worst on eligible.source_product_id = worst.source_product_id
    where
        found.source_product_id is null
        and (
            coalesce(worst.recommendation_count, 0) < {{ var('max_recommendations') }}
            or eligible.confidence > worst.least_confidence
        )
),

made_up as (
    select
        found.source_product_id,
        found.recommended_product_id
    from product_recommendations as found
    left join eligible
        on
            found.source_product_id = eligible.source_product_id
            and found.recommended_product_id = eligible.recommended_product_id
            and found.confidence = eligible.confidence
            and found.lift = eligible.lift
    where eligible.source_product_id is null
),

differences as (
    select * from left_out
    union all
    select * from made_up
)

select * from differences
