{% macro mrr_movement(before, after, is_first) -%}
    {#- From nothing is asked first: an account that comes back must not be called expansion. -#}
    case
        when {{ before }} = 0 and {{ after }} > 0 and {{ is_first }} then 'new'
        when {{ before }} = 0 and {{ after }} > 0 then 'reactivation'
        when {{ before }} > 0 and {{ after }} = 0 then 'churned'
        when {{ after }} > {{ before }} then 'expansion'
        when {{ after }} < {{ before }} then 'contraction'
    end
{%- endmacro %}
