{{ config(enabled=var('simulated')) }}

{%- set tables = ['orders', 'support_tickets'] %}

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
    {% for table in tables -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ table }}' as table_name,
        _source_file as source_file,
        _source_row as source_row
    from {{ ref('stg_' ~ table) }}
    where is_late
    {% endfor %}
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
