{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {{ brewhouse_utils.create_and_analyze(temporary, relation, sql) }}
{%- endmacro %}
