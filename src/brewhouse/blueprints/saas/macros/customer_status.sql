{% macro customer_status(trials, subscriptions, overdue) -%}
    {#- Of the terms that run and the invoices of which a charge has failed. -#}
    case
        when {{ subscriptions }} > 0 and {{ overdue }} > 0 then 'suspended'
        when {{ subscriptions }} > 0 then 'active'
        when {{ trials }} > 0 then 'trial'
        else 'churned'
    end
{%- endmacro %}
