{% macro create_and_analyze(temporary, relation, sql) -%}
    {#- PostgreSQL knows nothing of a new table until it is analyzed: a join with such tables took 1,000 times as long. -#}
    {{ dbt.postgres__create_table_as(temporary, relation, sql) }}
    {%- if model.resource_type == 'model' %}
    analyze {{ relation }};
    {%- endif %}
{%- endmacro %}
