{{ config(enabled=var('simulated') and var('as_of') is none) }}

with

truth as (
    select
        user_id,
        variant,
        adopted_at
    from {{ source('truth', 'experiment') }}
),

participants as (
    select
        user_id,
        experiment_variant as variant
    from {{ ref('stg_app_database__users') }}
    where experiment_variant is not null
),

adoptions as (
    select
        user_id,
        first_used_at
    from {{ ref('fact_features__adoptions') }}
    where feature_name = '{{ var("experiment").feature }}'
),

spoiled_rows as (
    select count(*) as row_count from {{ source('truth', 'dirt') }}
    where
        table_name = 'app_database_feature_usage'
        and kind not in ('late', 'messy_text', 'exact_duplicate', 'near_duplicate')
),

compared as (
    select
        coalesce(truth.user_id, participants.user_id) as user_id,
        case
            when truth.user_id is null or participants.user_id is null then 'unknown participant'
            when truth.variant <> participants.variant then 'other variant'
            when truth.adopted_at is null and adoptions.user_id is not null then 'never adopted'
            when adoptions.first_used_at < truth.adopted_at then 'adopted later'
            when truth.adopted_at is not null and adoptions.user_id is null then 'adopter not seen'
        end as difference
    from truth
    full outer join participants on truth.user_id = participants.user_id
    left join adoptions on truth.user_id = adoptions.user_id
),

unseen as (
    select count(*) as row_count from compared
    where difference = 'adopter not seen'
),

-- A first use whose row was spoiled may be the only one: so many adopters at most are not seen.
not_seen as (
    select
        cast(null as {{ dbt.type_string() }}) as user_id,
        'more adopters not seen than rows spoiled' as difference
    from unseen
    inner join spoiled_rows on unseen.row_count > spoiled_rows.row_count
)

select
    user_id,
    difference
from compared
where difference <> 'adopter not seen'
union all
select
    user_id,
    difference
from not_seen
