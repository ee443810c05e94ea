with

weeks as (
    select
        user_id,
        {{ brewhouse_utils.week_start('activity_date') }} as week_start_date,
        cast(count(*) as integer) as active_days,
        cast(sum(sessions) as integer) as sessions,
        cast(sum(session_seconds) as integer) as session_seconds,
        max(longest_session_seconds) as longest_session_seconds,
        cast(sum(page_views) as integer) as page_views,
        cast(sum(page_seconds) as integer) as page_seconds,
        cast(sum(feature_interactions) as integer) as feature_interactions,
        cast(sum(feature_uses) as integer) as feature_uses,
        max(case when sessions > 0 then activity_date end) as last_login_on,
        max(activity_date) as last_activity_on,
        max(last_activity_at) as last_activity_at
    from {{ ref('fact_users__daily') }}
    group by user_id, {{ brewhouse_utils.week_start('activity_date') }}
),

device_types as (
    select
        user_id,
        {{ brewhouse_utils.week_start('start_time') }} as week_start_date,
        cast(count(distinct device_type) as integer) as device_types
    from {{ ref('stg_app_database__user_sessions') }}
    where start_time <= {{ brewhouse_utils.as_of() }}
    group by user_id, {{ brewhouse_utils.week_start('start_time') }}
),

page_categories as (
    select
        user_id,
        {{ brewhouse_utils.week_start('page_view_timestamp') }} as week_start_date,
        cast(count(distinct page_category) as integer) as page_categories
    from {{ ref('stg_app_database__page_views') }}
    where page_view_timestamp <= {{ brewhouse_utils.as_of() }}
    group by user_id, {{ brewhouse_utils.week_start('page_view_timestamp') }}
),

features as (
    select
        user_id,
        usage_week as week_start_date,
        cast(count(distinct feature_name) as integer) as features,
        cast(count(distinct feature_category) as integer) as feature_categories
    from {{ ref('stg_app_database__feature_usage') }}
    where
        feature_name is not null
        and usage_timestamp <= {{ brewhouse_utils.as_of() }}
    group by user_id, usage_week
),

adoptions as (
    select
        user_id,
        {{ brewhouse_utils.week_start('first_used_on') }} as week_start_date,
        cast(count(*) as integer) as features_adopted
    from {{ ref('fact_features__adoptions') }}
    group by user_id, {{ brewhouse_utils.week_start('first_used_on') }}
)

select
    weeks.*,
    coalesce(device_types.device_types, 0) as device_types,
    coalesce(page_categories.page_categories, 0) as page_categories,
    coalesce(features.features, 0) as features,
    coalesce(features.feature_categories, 0) as feature_categories,
    coalesce(adoptions.features_adopted, 0) as features_adopted
from weeks
{% for source in ['device_types', 'page_categories', 'features', 'adoptions'] -%}
left join {{ source }}
    on
        weeks.user_id = {{ source }}.user_id
        and weeks.week_start_date = {{ source }}.week_start_date
{% endfor %}
