{% macro day_name(moment) -%}
    {#- English on each engine, whatever its locale. -#}
    case {{ brewhouse_utils.day_of_week(moment) }}
        {%- for name in ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] %}
        when {{ loop.index0 }} then '{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}
