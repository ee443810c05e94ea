with

stg_marketing__google_analytics_sessions as (
    select * from {{ ref('stg_marketing__google_analytics_sessions') }}
),

touch_days as (
    select
        touched_on as happened_on,
        count(*) as touches
    from {{ ref('fact_leads__touches') }}
    group by touched_on
),

qualified_days as (
    select
        qualified_on as happened_on,
        count(*) as qualified_leads
    from {{ ref('fact_leads__journeys') }}
    group by qualified_on
),

conversion_days as (
    select
        converted_on as happened_on,
        count(*) as conversions
    from {{ ref('fact_leads__conversions') }}
    group by converted_on
),

customer_days as (
    select
        changed_on as happened_on,
        count(*) as new_customers,
        sum(mrr_change) as new_mrr
    from {{ ref('fact_accounts__mrr') }}
    where movement = 'new'
    group by changed_on
),

spend_days as (
    select
        performance_date as happened_on,
        sum(daily_spend) as spend,
        cast(sum(daily_clicks) as bigint) as ad_clicks
    from {{ ref('fact_campaigns__days') }}
    group by performance_date
),

first_days as (
    select
        min(session_date) as first_day,
        {{ brewhouse_utils.as_of() }} as last_day
    from stg_marketing__google_analytics_sessions
),

days as (
    {{ brewhouse_utils.date_spine('first_days', 'first_day', 'cast(last_day as date)') }}
)

select
    days.date_day,
    sessions.sessions,
    sessions.users,
    sessions.new_users,
    sessions.page_views,
    sessions.bounce_rate,
    sessions.avg_session_duration_seconds,
    sessions.goal_completions as leads,
    sessions.goal_conversion_rate as lead_rate,
    coalesce(touch_days.touches, 0) as touches,
    coalesce(qualified_days.qualified_leads, 0) as qualified_leads,
    coalesce(conversion_days.conversions, 0) as conversions,
    coalesce(customer_days.new_customers, 0) as new_customers,
    cast(coalesce(customer_days.new_mrr, 0) as decimal(18, 2)) as new_mrr,
    cast(spend_days.spend as decimal(18, 2)) as spend,
    spend_days.ad_clicks,
    {{ brewhouse_utils.ratio('spend_days.spend', 'sessions.goal_completions', 2) }}
        as spend_per_lead,
    {{ brewhouse_utils.built_at() }} as _fact_updated_at
from days
left join stg_marketing__google_analytics_sessions as sessions
    on days.date_day = sessions.session_date
{%- for part in [
    'touch_days', 'qualified_days', 'conversion_days', 'customer_days', 'spend_days',
] %}
left join {{ part }} on days.date_day = {{ part }}.happened_on
{%- endfor %}
