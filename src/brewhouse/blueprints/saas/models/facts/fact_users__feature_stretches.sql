with

usage_days as (
    select
        user_id,
        'features' as kind,
        feature_name as feature,
        usage_date
    from {{ ref('stg_app_database__feature_usage') }}
    where
        feature_name is not null
        and usage_timestamp <= {{ brewhouse_utils.as_of() }}
    union
    select
        user_id,
        'feature_categories' as kind,
        feature_category as feature,
        usage_date
    from {{ ref('stg_app_database__feature_usage') }}
    where
        feature_name is not null
        and usage_timestamp <= {{ brewhouse_utils.as_of() }}
),

-- A use within thirty days of the one before goes on with its stretch.
followed as (
    select
        *,
        lag(usage_date) over (
            partition by user_id, kind, feature order by usage_date
        ) as date_before
    from usage_days
),

numbered as (
    select
        user_id,
        kind,
        feature,
        usage_date,
        sum(case when usage_date - date_before <= 30 then 0 else 1 end) over (
            partition by user_id, kind, feature order by usage_date
            rows between unbounded preceding and current row
        ) as stretch_number
    from followed
)

select
    user_id,
    kind,
    feature,
    min(usage_date) as valid_from,
    max(usage_date) + 30 as valid_to
from numbered
group by user_id, kind, feature, stretch_number
