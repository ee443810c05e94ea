{% macro mapped(column, mapping, otherwise) %}
    {{- return(adapter.dispatch('mapped', 'brewhouse_utils')(column, mapping, otherwise)) -}}
{% endmacro %}

{% macro default__mapped(column, mapping, otherwise) -%}
    case {{ column }}
        {%- for key, label in mapping.items() %}
        when '{{ key }}' then '{{ label }}'
        {%- endfor %}
        else '{{ otherwise }}'
    end
{%- endmacro %}


{% macro place_in_list(column, texts) %}
    {{- return(adapter.dispatch('place_in_list', 'brewhouse_utils')(column, texts)) -}}
{% endmacro %}

{% macro default__place_in_list(column, texts) -%}
    case {{ column }}
        {%- for text in texts %}
        when '{{ text }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}


{% macro banded(column, floors, otherwise=none) %}
    {{- return(adapter.dispatch('banded', 'brewhouse_utils')(column, floors, otherwise)) -}}
{% endmacro %}

{% macro default__banded(column, floors, otherwise) -%}
    case
        {%- for label, floor in floors.items() %}
        when {{ column }} >= {{ floor }} then '{{ label }}'
        {%- endfor %}
        {%- if otherwise is not none %}
        else '{{ otherwise }}'
        {%- endif %}
    end
{%- endmacro %}
