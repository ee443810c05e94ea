{{ config(enabled=var('simulated')) }}

with

user_metrics as (
    select * from {{ ref('user_metrics') }}
),

truth_users as (
    select * from {{ source('truth', 'users') }}
),

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

lost_rows as (
    select
        user_id,
        {{ brewhouse_utils.count_if("table_name = 'events'") }} as events,
        {{ brewhouse_utils.count_if("table_name = 'orders'") }} as orders,
        sum(case when table_name = 'orders' then amount else 0 end) as revenue
    from dirt
    where
        table_name in ('events', 'orders')
        and kind not in ('late', 'messy_text', 'exact_duplicate', 'near_duplicate')
    group by user_id
),

expected as (
    select
        truth_users.user_id,
        truth_users.true_events - coalesce(lost_rows.events, 0) as total_events,
        truth_users.true_orders - coalesce(lost_rows.orders, 0) as total_orders,
        truth_users.true_revenue - coalesce(lost_rows.revenue, 0) as total_revenue
    from truth_users
    left join lost_rows on truth_users.user_id = lost_rows.user_id
),

differences as (
    select
        coalesce(expected.user_id, user_metrics.user_id) as user_id,
        expected.total_events as expected_events,
        user_metrics.total_events as found_events,
        expected.total_orders as expected_orders,
        user_metrics.total_orders as found_orders,
        expected.total_revenue as expected_revenue,
        user_metrics.total_revenue as found_revenue
    from expected
    full outer join user_metrics on expected.user_id = user_metrics.user_id
    where
        expected.user_id is null
        or user_metrics.user_id is null
        or expected.total_events <> user_metrics.total_events
        or expected.total_orders <> user_metrics.total_orders
        or expected.total_revenue <> user_metrics.total_revenue
)

select * from differences
