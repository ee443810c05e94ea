with

stg_app_database__users as (
    select * from {{ ref('stg_app_database__users') }}
    where user_created_at <= {{ brewhouse_utils.as_of() }}
),

-- Being invited, each term and each week of use, with the 30 days after which no window knows it.
spans as (
    select
        user_id,
        cast(user_created_at as date) as first_day,
        cast(user_created_at as date) as last_day
    from stg_app_database__users
    union all
    select
        user_id,
        valid_from as first_day,
        coalesce(valid_to + 30, cast({{ brewhouse_utils.as_of() }} as date)) as last_day
    from {{ ref('fact_users__service_terms') }}
    union all
    select
        user_id,
        week_start_date as first_day,
        last_activity_on + 30 as last_day
    from {{ ref('fact_users__weekly') }}
),

weeks as (
    select
        user_id,
        {{ brewhouse_utils.week_start('first_day') }} as first_week,
        {{ brewhouse_utils.week_start(
            'least(last_day, cast(' ~ brewhouse_utils.as_of() ~ ' as date))'
        ) }} as last_week
    from spans
),

-- A span that begins at most a week after all before it have ended goes on with them.
followed as (
    select
        *,
        max(last_week) over (
            partition by user_id order by first_week, last_week
            rows between unbounded preceding and 1 preceding
        ) as last_week_before
    from weeks
),

numbered as (
    select
        user_id,
        first_week,
        last_week,
        sum(case when first_week <= last_week_before + 7 then 0 else 1 end) over (
            partition by user_id order by first_week, last_week
            rows between unbounded preceding and current row
        ) as life_number
    from followed
)

select
    user_id,
    cast(life_number as integer) as life_number,
    min(first_week) as first_week,
    max(last_week) as last_week
from numbered
group by user_id, life_number
