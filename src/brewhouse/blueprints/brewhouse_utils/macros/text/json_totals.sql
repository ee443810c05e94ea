{% macro json_columns(column, paths, prefix) %}
    {{- return(adapter.dispatch('json_columns', 'brewhouse_utils')(column, paths, prefix)) -}}
{% endmacro %}

{% macro default__json_columns(column, paths, prefix) -%}
    {#- Each term reads the text anew: an engine that does not see what they share would else do all for each. -#}
    {%- for path in paths -%}
        {{ brewhouse_utils.text_columns(brewhouse_utils.json_texts(column, [path]), [path], prefix) }}
        {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro duckdb__json_columns(column, paths, prefix) -%}
    {{ brewhouse_utils.text_columns(brewhouse_utils.json_texts(column, paths), paths, prefix) }}
{%- endmacro %}


{% macro json_total(column, list_key, value_key) %}
    {{- return(
        adapter.dispatch('json_total', 'brewhouse_utils')(column, list_key, value_key)
    ) -}}
{% endmacro %}

{% macro default__json_total(column, list_key, value_key) -%}
    (
        select cast(sum({{ brewhouse_utils.safe_bigint("item ->> '" ~ value_key ~ "'") }}) as bigint)
        from jsonb_array_elements(
            case
                when {{ brewhouse_utils.valid_json(column) }} is null then null
                when jsonb_typeof(cast({{ column }} as jsonb) -> '{{ list_key }}') = 'array'
                    then cast({{ column }} as jsonb) -> '{{ list_key }}'
            end
        ) as item
    )
{%- endmacro %}

{% macro duckdb__json_total(column, list_key, value_key) -%}
    cast(list_sum(list_transform(
        json_extract_string({{ brewhouse_utils.valid_json(column) }}, '$.{{ list_key }}[*].{{ value_key }}'),
        lambda item: try_cast(item as bigint)
    )) as bigint)
{%- endmacro %}
