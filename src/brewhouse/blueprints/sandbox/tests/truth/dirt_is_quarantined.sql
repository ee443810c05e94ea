{{ config(enabled=var('simulated')) }}

with

dirt as (
    select * from {{ source('truth', 'dirt') }}
),

expected as (
    select
        table_name,
        source_file,
        source_row,
        case
            when kind in ('exact_duplicate', 'near_duplicate') then 'duplicate'
            when kind = 'non_positive_amount' then 'invalid_amount'
            when kind = 'unparsable_time' and table_name = 'events' then 'missing_timestamp'
            when kind = 'unparsable_time' then 'missing_created_at'
            else kind
        end as reason
    from dirt
    where kind not in ('late', 'messy_text')
),

quarantined as (
    {% for table in ['users', 'events', 'orders'] -%}
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
