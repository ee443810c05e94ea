{{ config(enabled=var('simulated')) }}

{%- set tables = [
    'customers', 'product_catalog', 'orders', 'order_items', 'product_reviews', 'support_tickets'
] %}

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
    select
        table_name,
        source_file,
        source_row,
        row_id,
        case
            when kind in ('exact_duplicate', 'near_duplicate') then 'duplicate'
            else kind
        end as reason
    from dirt
    where kind not in ('late', 'messy_text')
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
),

quarantined as (
    {% for table in tables -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        _source_file as source_file,
        _source_row as source_row,
        reason
    from {{ ref('quarantine_' ~ table) }}
    {% endfor %}
),

differences as (
    select
        coalesce(expected.table_name, quarantined.table_name) as table_name,
        coalesce(expected.source_file, quarantined.source_file) as source_file,
        coalesce(expected.source_row, quarantined.source_row) as source_row,
        expected.reason as expected_reason,
        quarantined.reason as found_reason
    from expected
    full outer join quarantined
        on
            expected.table_name = quarantined.table_name
            and expected.source_file = quarantined.source_file
            and expected.source_row = quarantined.source_row
    where
        expected.reason is null
        or quarantined.reason is null
        or expected.reason <> quarantined.reason
)

select * from differences
