{{ config(enabled=var('simulated') and var('as_of') is none) }}

with

true_effect as (
    select
        sum(case when adopts_as_treatment then 1 else 0 end)
        - sum(case when adopts_as_control then 1 else 0 end) as more_adopters,
        count(*) as user_count
    from {{ source('truth', 'experiment') }}
),

-- One interval of 95 % in twenty misses the truth by chance, one of four standard errors in
-- sixteen thousand. Fewer than a hundred users show nothing.
outcomes as (
    select
        effect - 4 * standard_error as least_effect,
        effect + 4 * standard_error as most_effect
    from {{ ref('fact_experiments__outcomes') }}
    where effect is not null
),

missed as (
    select
        true_effect.more_adopters,
        true_effect.user_count,
        outcomes.least_effect,
        outcomes.most_effect
    from true_effect
    left join outcomes on true_effect.user_count >= 100
    where
        true_effect.user_count >= 100
        and (
            outcomes.least_effect is null
            or true_effect.more_adopters < outcomes.least_effect * true_effect.user_count
            or true_effect.more_adopters > outcomes.most_effect * true_effect.user_count
        )
)

select * from missed
