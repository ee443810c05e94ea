{% macro deal_priority(probability, silent_days, size) -%}
    {#- Points of an open deal: how likely, how lately somebody spoke, how large. Together at most 100. -#}
    {%- set points = var('deal_priority_points') -%}
    cast(
        {{ points.probability }} * coalesce({{ probability }}, 0)
        + case
            {%- for days, share in points.silent_days.items() %}
            when {{ silent_days }} <= {{ days }} then {{ share }}
            {%- endfor %}
            else 0
        end
        + case {{ size }}
            {%- for label, share in points.size.items() %}
            when '{{ label }}' then {{ share }}
            {%- endfor %}
            else 0
        end
        as decimal(18, 2)
    )
{%- endmacro %}
