{%- set experiment = var('experiment') -%}
{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
{%- set observed_from = 'cast(user_created_at as date) + ' ~ experiment.observed_days -%}
with

participants as (
    select
        user_id,
        experiment_variant as variant,
        user_created_at
    from {{ ref('stg_app_database__users') }}
    where
        experiment_variant in ({{ brewhouse_utils.sql_list(var('experiment_variants')) }})
        and user_created_at <= {{ brewhouse_utils.as_of() }}
),

adopters as (
    select user_id from {{ ref('fact_features__adoptions') }}
    where feature_name = '{{ experiment.feature }}'
),

last_days_of_service as (
    select
        user_id,
        max(coalesce(valid_to, {{ last_day }})) as last_day
    from {{ ref('fact_users__service_terms') }}
    group by user_id
),

-- Who was there for a short while only had no time to adopt, whatever the variant.
observations as (
    select
        participants.variant,
        case when adopters.user_id is null then 0 else 1 end as is_adopter,
        case
            when last_days_of_service.last_day >= {{ observed_from }} then 1
            else 0
        end as is_observed
    from participants
    left join adopters on participants.user_id = adopters.user_id
    left join last_days_of_service on participants.user_id = last_days_of_service.user_id
),

variants as (
    select
        variant,
        count(*) as user_count,
        cast(sum(is_adopter) as bigint) as adopters,
        cast(sum(is_observed) as bigint) as observed_users,
        cast(sum(is_observed * is_adopter) as bigint) as observed_adopters
    from observations
    group by variant
),

rated as (
    select
        *,
        {{ brewhouse_utils.ratio('adopters', 'user_count') }} as adoption_rate,
        {{ brewhouse_utils.ratio('observed_adopters', 'observed_users') }} as observed_adoption_rate
    from variants
),

compared as (
    select
        rated.*,
        cast(
            rated.observed_adoption_rate - control.observed_adoption_rate as decimal(18, 6)
        ) as effect,
        cast(sqrt(
            rated.observed_adoption_rate * (1 - rated.observed_adoption_rate)
            / nullif(rated.observed_users, 0)
            + control.observed_adoption_rate * (1 - control.observed_adoption_rate)
            / nullif(control.observed_users, 0)
        ) as decimal(18, 6)) as standard_error
    from rated
    left join rated as control
        on
            rated.variant <> control.variant
            and control.variant = '{{ var("experiment_variants")[0] }}'
)

select
    '{{ experiment.feature }}' as feature_name,
    variant,
    user_count,
    adopters,
    adoption_rate,
    observed_users,
    observed_adopters,
    observed_adoption_rate,
    effect,
    standard_error,
    cast(effect - {{ experiment.z }} * standard_error as decimal(18, 6)) as effect_low,
    cast(effect + {{ experiment.z }} * standard_error as decimal(18, 6)) as effect_high
from compared
