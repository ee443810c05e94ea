with

stg_events as (
    select * from {{ ref('stg_events') }}
),

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

daily_events as (
    select
        event_date,
        count(*) as total_events,
        count(distinct user_id) as active_users,
        count(distinct session_id) as total_sessions,
        {{ brewhouse_utils.count_if("event_type = 'pageview'") }} as pageviews,
        {{ brewhouse_utils.count_if("event_type = 'purchase'") }} as purchase_events,
        {{ brewhouse_utils.count_if("event_type = 'signup'") }} as new_signups
    from stg_events
    group by event_date
),

daily_orders as (
    select
        order_date,
        count(*) as total_orders,
        count(distinct user_id) as unique_buyers,
        cast(sum(order_amount) as decimal(18, 2)) as daily_revenue
    from stg_orders
    group by order_date
),

first_days as (
    select min(event_date) as first_day from daily_events
    union all
    select min(order_date) as first_day from daily_orders
),

calendar_bounds as (
    select
        min(first_day) as first_day,
        cast({{ brewhouse_utils.as_of() }} as date) as last_day
    from first_days
),

calendar as (
    {{ brewhouse_utils.date_spine('calendar_bounds', 'first_day', 'last_day') }}
),

daily_counts as (
    select
        calendar.date_day as report_date,
        coalesce(daily_events.total_events, 0) as total_events,
        coalesce(daily_events.active_users, 0) as active_users,
        coalesce(daily_events.total_sessions, 0) as total_sessions,
        coalesce(daily_events.pageviews, 0) as pageviews,
        coalesce(daily_events.purchase_events, 0) as purchase_events,
        coalesce(daily_events.new_signups, 0) as new_signups,
        coalesce(daily_orders.total_orders, 0) as total_orders,
        coalesce(daily_orders.unique_buyers, 0) as unique_buyers,
        cast(coalesce(daily_orders.daily_revenue, 0) as decimal(18, 2)) as daily_revenue
    from calendar
    left join daily_events on calendar.date_day = daily_events.event_date
    left join daily_orders on calendar.date_day = daily_orders.order_date
),

daily_metrics as (
    select
        *,
        {{ brewhouse_utils.ratio_or_zero('daily_revenue', 'total_orders', scale=2) }}
            as avg_order_value,
        {{ brewhouse_utils.ratio_or_zero('100 * total_orders', 'pageviews') }}
            as conversion_rate_pct,
        {{ brewhouse_utils.ratio_or_zero('100 * unique_buyers', 'active_users') }}
            as buyer_rate_pct,
        {{ brewhouse_utils.ratio_or_zero('total_events', 'total_sessions') }}
            as avg_events_per_session,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at
    from daily_counts
)

select * from daily_metrics
