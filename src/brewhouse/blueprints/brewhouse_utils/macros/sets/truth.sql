{% macro dirt_not_quarantined(quarantines, reasons={}) -%}
    with

    dirt as (
        select * from {{ source('truth', 'dirt') }}
    ),

    expected as (
        {{ brewhouse_utils.dirt_by_reason('dirt', reasons) }}
    )

    {{ brewhouse_utils.other_than_quarantined('expected', quarantines) }}
{%- endmacro %}


{% macro dirt_by_reason(dirt, reasons={}) -%}
    {%- set renamed = dict({'exact_duplicate': 'duplicate', 'near_duplicate': 'duplicate'}, **reasons) -%}
    select
        table_name,
        source_file,
        source_row,
        row_id,
        case
            {%- for kind, reason in renamed.items() %}
            {%- for table, own in (reason.items() if reason is mapping else []) %}
            when kind = '{{ kind }}' and table_name = '{{ table }}' then '{{ own }}'
            {%- else %}
            when kind = '{{ kind }}' then '{{ reason }}'
            {%- endfor %}
            {%- endfor %}
            else kind
        end as reason
    from {{ dirt }}
    where kind not in ('late', 'messy_text')
{%- endmacro %}


{% macro other_than_quarantined(expected, quarantines) -%}
    select
        coalesce(expected.table_name, quarantined.table_name) as table_name,
        coalesce(expected.source_file, quarantined.source_file) as source_file,
        coalesce(expected.source_row, quarantined.source_row) as source_row,
        expected.reason as expected_reason,
        quarantined.reason as found_reason
    from {{ expected }} as expected
    full outer join (
        {% for table, quarantine in quarantines.items() -%}
        {{ 'union all' if not loop.first }}
        select
            '{{ table }}' as table_name,
            _source_file as source_file,
            _source_row as source_row,
            reason
        from {{ ref('quarantine_' ~ quarantine) }}
        {% endfor %}
    ) as quarantined
        on
            expected.table_name = quarantined.table_name
            and expected.source_file = quarantined.source_file
            and expected.source_row = quarantined.source_row
    where
        expected.reason is null
        or quarantined.reason is null
        or expected.reason <> quarantined.reason
{%- endmacro %}


{% macro late_rows_not_flagged(models) -%}
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
        {% for table, model in models.items() -%}
        {{ 'union all' if not loop.first }}
        select
            '{{ table }}' as table_name,
            _source_file as source_file,
            _source_row as source_row
        from {{ ref(model) }}
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
{%- endmacro %}
