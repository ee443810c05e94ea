{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- A layer's schema has the layer's name, with no prefix of the target. -#}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
