{%- set paths = ['a', 'b.c', 'a.0', 'a.0.id', 'k', 'n', '0.k'] -%}

with

opened as (
    select
        id,
        t,
        {{ brewhouse_utils.valid_json('t') }} as valid,
        {{ brewhouse_utils.json_texts('t', paths) }} as texts,
        {{ brewhouse_utils.json_record('t', ['b', 'k'], ['c', 'n']) }} as record,
        {{ brewhouse_utils.json_columns('t', paths, 'column_') }}
    from raw.documents
)

select
    id,
    valid,
    {{ brewhouse_utils.text_columns('texts', paths, 'text_') }},
    {% for path in paths -%}
    column_{{ path | replace('.', '_') }},
    {{ brewhouse_utils.json_text('valid', path) }} as one_{{ path | replace('.', '_') }},
    {% endfor -%}
    {{ brewhouse_utils.json_total('t', 'a', 'v') }} as json_total,
    {{ brewhouse_utils.json_list_sum('valid', 'v', 'k', 'x') }} as json_list_sum,
    {{ brewhouse_utils.record_text('record', 'k') }} as record_text,
    {{ brewhouse_utils.record_decimal('record', 'c') }} as record_c,
    {{ brewhouse_utils.record_decimal('record', 'n') }} as record_n
from opened
