{% macro verdict(rows, key, parent=none, documents=[], invalid=none, known=none) -%}
    {#- The order of the reasons is the order of the variable `rejections`. -#}
    case
        when {{ rows }}.{{ key }} is null then 'missing_id'
        {%- if parent %}
        when {{ rows }}.{{ parent }} is null then 'missing_parent'
        {%- endif %}
        {%- for document in documents %}
        {%- set column = rows ~ '.' ~ document %}
        when {{ column }} is not null and {{ brewhouse_utils.valid_json(column) }} is null
            then 'broken_json'
        {%- endfor %}
        {%- if invalid %}
        when {{ invalid }} then 'invalid_value'
        {%- endif %}
        {%- if known %}
        when {{ known }} is null then 'unknown_parent'
        {%- endif %}
        else 'valid'
    end
{%- endmacro %}


{% macro raw_keys(relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {{ prefix }}_source_file,
        {{ prefix }}_source_row,
        {{ prefix }}_loaded_at,
        {{ prefix }}_dlt_load_id
{%- endmacro %}
