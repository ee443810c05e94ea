{{ config(enabled=var('simulated')) }}

with

stg_events as (
    select * from {{ ref('stg_events') }}
),

stg_orders as (
    select * from {{ ref('stg_orders') }}
),

truth_users as (
    select * from {{ source('truth', 'users') }}
),

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

lost_rows as (
    select
        table_name,
        user_id,
        occurred_at,
        label
    from dirt
    where kind not in ('late', 'messy_text', 'exact_duplicate', 'near_duplicate')
),

lost_purchases as (
    select
        user_id,
        occurred_at
    from lost_rows
    where table_name = 'events' and label = 'purchase'
),

purchases as (
    select
        user_id,
        event_timestamp as occurred_at
    from stg_events
    where event_type = 'purchase'
),

-- Tracked orders no longer seen as such: the order, its purchase event, or both are lost.
lost_tracked_orders as (
    select * from lost_purchases
    union
    select
        lost_rows.user_id,
        lost_rows.occurred_at
    from lost_rows
    inner join purchases
        on
            lost_rows.user_id = purchases.user_id
            and lost_rows.occurred_at = purchases.occurred_at
    where lost_rows.table_name = 'orders'
),

tracked_orders as (
    select stg_orders.order_id
    from stg_orders
    inner join purchases
        on
            stg_orders.user_id = purchases.user_id
            and stg_orders.created_at = purchases.occurred_at
),

lost_counts as (
    select count(*) as lost_count from lost_tracked_orders
),

tracked_counts as (
    select count(*) as tracked_count from tracked_orders
),

true_counts as (
    select coalesce(sum(tracked_orders), 0) as true_count from truth_users
),

differences as (
    select
        true_counts.true_count,
        lost_counts.lost_count,
        tracked_counts.tracked_count
    from true_counts
    cross join lost_counts
    cross join tracked_counts
    where tracked_counts.tracked_count <> true_counts.true_count - lost_counts.lost_count
)

select * from differences
