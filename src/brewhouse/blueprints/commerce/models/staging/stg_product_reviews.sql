with

base_product_reviews as (
    select * from {{ ref('base_product_reviews') }}
),

valid_reviews as (
    select
        -- ids
        review_id,
        product_id,
        customer_id,

        -- text, numerics and booleans
        review_title,
        review_text,
        rating,
        case
            when rating >= 4 then 'positive'
            when rating = 3 then 'neutral'
            else 'negative'
        end as sentiment_bucket,
        verified_purchase,

        -- times
        review_date,
        {{ brewhouse_utils.month_start('review_date') }} as review_month,
        received_at,
        _source_file,
        _source_row
    from base_product_reviews
    where data_quality_flag = 'valid'
)

select * from valid_reviews
