with

base_users as (
    select * from {{ ref('base_users') }}
),

valid_users as (
    select
        -- ids
        user_id,

        -- times
        created_at,

        -- text
        country_code,
        referrer_source,
        data_quality_flag,

        -- parts of the sign-up time
        cast(created_at as date) as signup_date,
        cast(extract(year from created_at) as bigint) as signup_year,
        cast(extract(month from created_at) as bigint) as signup_month,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as dbt_updated_at,

        -- beyond the published columns
        email,
        _source_file,
        _source_row
    from base_users
    where data_quality_flag = 'valid'
)

select * from valid_users
