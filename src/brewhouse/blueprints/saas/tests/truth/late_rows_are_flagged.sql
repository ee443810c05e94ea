{{ config(enabled=var('simulated')) }}

{%- set tables = ['feature_usage', 'page_views', 'tap_events', 'user_sessions'] %}

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
        'app_database_{{ table }}' as table_name,
        _source_file as source_file,
        _source_row as source_row
    from {{ ref('stg_app_database__' ~ table) }}
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
