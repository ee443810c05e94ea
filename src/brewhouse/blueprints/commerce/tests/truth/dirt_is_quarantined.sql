{{ config(enabled=var('simulated')) }}

with

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

truth_orders as (
    select * from {{ source('truth', 'orders') }}
),

raw_items as (
    select * from {{ source('raw', 'order_items') }}
),

spoiled as (
    {{ brewhouse_utils.dirt_by_reason('dirt') }}
),

lost_orders as (
    select truth_orders.order_id
    from spoiled
    inner join truth_orders on spoiled.row_id = truth_orders.order_key
    where spoiled.table_name = 'orders' and spoiled.reason <> 'duplicate'
),

orphans as (
    select
        raw_items._source_file,
        raw_items._source_row
    from raw_items
    inner join lost_orders on raw_items.order_id = lost_orders.order_id
),

expected as (
    select
        coalesce(spoiled.table_name, 'order_items') as table_name,
        coalesce(spoiled.source_file, orphans._source_file) as source_file,
        coalesce(spoiled.source_row, orphans._source_row) as source_row,
        -- the copy of a line without an order is such a line itself, and no copy
        case
            when orphans._source_file is null then spoiled.reason
            when spoiled.reason is null or spoiled.reason = 'duplicate' then 'unknown_parent'
            else spoiled.reason
        end as reason
    from spoiled
    full outer join orphans
        on
            spoiled.source_file = orphans._source_file
            and spoiled.source_row = orphans._source_row
)

{{ brewhouse_utils.other_than_quarantined('expected', {
    'customers': 'customers',
    'product_catalog': 'product_catalog',
    'orders': 'orders',
    'order_items': 'order_items',
    'product_reviews': 'product_reviews',
    'support_tickets': 'support_tickets',
}) }}
