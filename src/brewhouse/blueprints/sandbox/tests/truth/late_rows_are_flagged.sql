{{ config(enabled=var('simulated')) }}

with

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

expected as (
    select
        table_name,
        source_file,
        source_row
    from dirt
    where kind = 'late'
),

flagged as (
    select
        'events' as table_name,
        _source_file as source_file,
        _source_row as source_row
    from {{ ref('stg_events') }}
    where is_late
    union all
    select
        'orders' as table_name,
        _source_file as source_file,
        _source_row as source_row
    from {{ ref('stg_orders') }}
    where is_late
),

differences as (
    select
        expected.source_row as expected_row,
        flagged.source_row as flagged_row,
        coalesce(expected.table_name, flagged.table_name) as table_name,
        coalesce(expected.source_file, flagged.source_file) as source_file
    from expected
    full outer join flagged
        on
            expected.table_name = flagged.table_name
            and expected.source_file = flagged.source_file
            and expected.source_row = flagged.source_row
    where expected.source_row is null or flagged.source_row is null
)

select * from differences
