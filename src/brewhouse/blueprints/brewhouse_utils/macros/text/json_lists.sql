{% macro json_texts(column, paths) %}
    {{- return(adapter.dispatch('json_texts', 'brewhouse_utils')(column, paths)) -}}
{% endmacro %}

{% macro default__json_texts(column, paths) -%}
    {#- "offset 0" has the text parsed once, and not once for each path. -#}
    (
        select array[
            {%- for path in paths -%}
                {{ brewhouse_utils.document_text('document', 'valid_text', path) }}{{ ', ' if not loop.last }}
            {%- endfor -%}
        ]
        from (
            select cast(valid_text as jsonb) as document, valid_text
            from (select {{ brewhouse_utils.valid_json(column) }} as valid_text offset 0) as checked
            where valid_text is not null
            offset 0
        ) as parsed
    )
{%- endmacro %}

{% macro duckdb__json_texts(column, paths) -%}
    {%- set steps = [] -%}
    {%- for path in paths -%}
        {%- set step = namespace(text='$') -%}
        {%- for part in path.split('.') -%}
            {%- set step.text = step.text ~ ('[' ~ part ~ ']' if part.isdigit() else '.' ~ part) -%}
        {%- endfor -%}
        {%- do steps.append("'" ~ step.text ~ "'") -%}
    {%- endfor -%}
    json_extract_string(
        {{ brewhouse_utils.valid_json(column) }}, [{{ steps | join(', ') }}]
    )
{%- endmacro %}


{% macro text_columns(texts, paths, prefix) %}
    {{- return(adapter.dispatch('text_columns', 'brewhouse_utils')(texts, paths, prefix)) -}}
{% endmacro %}

{% macro default__text_columns(texts, paths, prefix) -%}
    {%- for path in paths -%}
        ({{ texts }})[{{ loop.index }}] as {{ prefix }}{{ path | replace('.', '_') | lower }}
        {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro json_list_sum(column, value_key, where_key, where_text) %}
    {{- return(adapter.dispatch('json_list_sum', 'brewhouse_utils')(
        column, value_key, where_key, where_text
    )) -}}
{% endmacro %}

{% macro default__json_list_sum(column, value_key, where_key, where_text) -%}
    (
        select cast(sum({{ brewhouse_utils.safe_bigint("item ->> '" ~ value_key ~ "'") }}) as bigint)
        from jsonb_array_elements(
            case
                when jsonb_typeof(cast({{ column }} as jsonb)) = 'array'
                    then cast({{ column }} as jsonb)
            end
        ) as item
        where item ->> '{{ where_key }}' = '{{ where_text }}'
    )
{%- endmacro %}

{% macro duckdb__json_list_sum(column, value_key, where_key, where_text) -%}
    {%- set shape = '[{"' ~ where_key ~ '":"VARCHAR","' ~ value_key ~ '":"VARCHAR"}]' -%}
    cast(list_sum(list_transform(
        list_filter(
            from_json({{ column }}, '{{ shape }}'), lambda item: item.{{ where_key }} = '{{ where_text }}'
        ),
        lambda item: try_cast(item.{{ value_key }} as bigint)
    )) as bigint)
{%- endmacro %}
