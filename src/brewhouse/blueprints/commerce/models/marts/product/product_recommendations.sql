with

product_affinity as (
    select * from {{ ref('product_affinity') }}
),

directions as (
    {% for source, other in [('a', 'b'), ('b', 'a')] -%}
    {{ 'union all' if not loop.first }}
    select
        product_{{ source }}_id as source_product_id,
        product_{{ source }}_name as source_product_name,
        product_{{ source }}_category as source_category,
        product_{{ other }}_id as recommended_product_id,
        product_{{ other }}_name as recommended_product_name,
        product_{{ other }}_category as recommended_category,
        times_bought_together,
        confidence_{{ source }}_to_{{ other }} as confidence,
        lift,
        support,
        {{ affinity_strength(
            'lift', 'confidence_' ~ source ~ '_to_' ~ other
        ) }} as affinity_strength
    from product_affinity
    {% endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_product_id
            order by confidence desc, lift desc, recommended_product_id asc
        ) as recommendation_rank
    from directions
    where affinity_strength in ({{ brewhouse_utils.sql_list(var('recommended_affinities')) }})
),

recommendations as (
    select
        source_product_id,
        source_product_name,
        source_category,
        recommended_product_id,
        recommended_product_name,
        recommended_category,
        times_bought_together,
        confidence,
        lift,
        support,
        affinity_strength,
        recommendation_rank,
        'Customers who bought ' || source_product_name
        || ' also bought ' || recommended_product_name as recommendation_message,
        source_category <> recommended_category as is_cross_category,
        {{ brewhouse_utils.banded('confidence', var('confidence_floors')) }} as confidence_level,
        {{ brewhouse_utils.built_at() }} as last_updated_at
    from ranked
    where recommendation_rank <= {{ var('max_recommendations') }}
)

select * from recommendations
