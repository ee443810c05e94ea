{% macro attribute_of(entries, attribute) -%}
    {%- set found = {} -%}
    {%- for name, facts in entries.items() -%}
        {%- do found.update({name: facts[attribute]}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}
