with

usage_months as (
    select * from {{ ref('fact_features__usage_months') }}
    where month_end >= first_used_on
),

plan_sums as (
    select
        feature_name,
        month_start_date,
        {{ feature_sums() }}
    from {{ ref('fact_features__plan_months') }}
    group by feature_name, month_start_date
),

rated as (
    select
        *,
        {{ feature_rates() }}
    from plan_sums
)

select
    rated.*,
    usage_months.month_end,
    usage_months.accounts_in_month as monthly_accounts,
    usage_months.users_in_month as monthly_users,
    usage_months.events_in_month as monthly_usage_events,
    usage_months.active_days_in_month as active_days,
    usage_months.uses_in_month as total_usage_count,
    usage_months.new_accounts,
    usage_months.new_users,
    usage_months.accounts_ever as accounts_using,
    usage_months.users_ever as users_using,
    usage_months.events_ever as total_usage_events,
    usage_months.first_used_on as first_usage_date,
    usage_months.last_used_on as last_usage_date,
    usage_months.events_30d as usage_events_30d,
    usage_months.events_30d_before as usage_events_30d_before,
    usage_months.uses_30d,
    usage_months.users_30d,
    usage_months.active_days_30d,
    cast(usage_months.month_end - usage_months.first_used_on as integer) as feature_age_days,
    cast(usage_months.month_end - usage_months.month_start_date + 1 as integer) as days_in_month
from usage_months
inner join rated
    on
        usage_months.feature_name = rated.feature_name
        and usage_months.month_start_date = rated.month_start_date
