{% macro affinity_strength(lift, confidence) -%}
    case
        {%- for name, floors in var('affinity_floors').items() %}
        when {{ lift }} >= {{ floors.lift }} and {{ confidence }} >= {{ floors.confidence }}
            then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}
