{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
with

entity_users as (
    select * from {{ ref('entity_users') }}
)

select
    account_id,
    count(*) as user_count,
    {{ brewhouse_utils.count_if('last_session_start is not null') }}
        as users_who_logged_in,
    {{ brewhouse_utils.count_if('last_activity_on > ' ~ last_day ~ ' - 7') }} as active_users_7d,
    {{ brewhouse_utils.count_if('last_activity_on > ' ~ last_day ~ ' - 30') }} as active_users_30d,
    {{ brewhouse_utils.count_if('is_admin_user') }} as admin_users,
    {{ brewhouse_utils.count_if('is_admin_user and last_activity_on > ' ~ last_day ~ ' - 30') }}
        as active_admin_users_30d,
    cast(sum(total_sessions_30d) as bigint) as sessions_30d,
    cast(sum(total_page_views_30d) as bigint) as page_views_30d,
    cast(sum(total_feature_uses_30d) as bigint) as feature_uses_30d,
    {{ brewhouse_utils.ratio('sum(engagement_score)', 'count(*)', 2) }} as avg_engagement_score,
    max(last_activity_timestamp) as last_activity_at
from entity_users
group by account_id
