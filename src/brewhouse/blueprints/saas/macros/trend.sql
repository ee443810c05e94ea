{% macro trend(lately, before) -%}
    {#- Of nothing before, everything is rising; of nothing at all there is no trend. -#}
    case
        when coalesce({{ lately }}, 0) + coalesce({{ before }}, 0) = 0 then 'none'
        when {{ before }} = 0 then 'rising'
        else {{ brewhouse_utils.banded(brewhouse_utils.ratio(lately, before), var('trend_floors')) }}
    end
{%- endmacro %}
