{% macro create_and_analyze(temporary, relation, sql) -%}
    {#- PostgreSQL knows nothing of a new table until it is analyzed: a join with such tables took 1,000 times as long.
        And what it expects of nested CTEs is often one row, for which it would loop over the whole other side. -#}
    {%- set is_model = model.resource_type == 'model' -%}
    {{ 'set local enable_nestloop = off;' if is_model }}
    {{ dbt.postgres__create_table_as(temporary, relation, sql) }}
    {{ 'analyze ' ~ relation ~ ';' if is_model }}
{%- endmacro %}
