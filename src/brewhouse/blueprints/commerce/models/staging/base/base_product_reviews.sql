with

raw_reviews as (
    select * from {{ source('raw', 'product_reviews') }}
),

known_customers as (
    select customer_id from {{ ref('base_customers') }}
    where data_quality_flag = 'valid'
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('review_id') }} as review_id,
        {{ brewhouse_utils.clean_id('product_id') }} as product_id,
        customer_id,

        -- text
        {{ brewhouse_utils.clean_id('review_title') }} as review_title,
        {{ brewhouse_utils.clean_id('review_text') }} as review_text,

        -- numerics and booleans
        rating,
        verified_purchase,

        -- times
        review_date,
        received_at,
        {{ brewhouse_utils.raw_keys() }}
    from raw_reviews
),

judged as (
    select
        parsed.*,
        {{ brewhouse_utils.verdict(
            'parsed', 'review_id', parent='customer_id',
            invalid='parsed.rating is null or parsed.rating not between 1 and 5',
            known='known_customers.customer_id'
        ) }} as verdict
    from parsed
    left join known_customers on parsed.customer_id = known_customers.customer_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'review_id', ['received_at nulls last', '_loaded_at nulls last']
    ) }}
)

select * from flagged
