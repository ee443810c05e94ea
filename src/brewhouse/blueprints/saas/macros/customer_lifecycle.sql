{% macro customer_lifecycle_stage(customer_status, first_subscription_date, service_since, day) -%}
    {#- Who came back is not new: what it pays for now began after it had left. -#}
    case
        when {{ customer_status }} <> 'active' then {{ customer_status }}
        when
            {{ service_since }} > {{ first_subscription_date }}
            and {{ day }} < {{ service_since }} + {{ var('lifecycle_floors_days').established }}
            then 'returned'
        {%- for stage, days in var('lifecycle_floors_days').items() %}
        when {{ day }} >= {{ first_subscription_date }} + {{ days }} then '{{ stage }}'
        {%- endfor %}
    end
{%- endmacro %}


{% macro payment_state(overdue_invoices, failed_payments_30d) -%}
    case
        when {{ overdue_invoices }} > 0 then 'overdue'
        when {{ failed_payments_30d }} > 0 then 'recovered'
        else 'in_order'
    end
{%- endmacro %}


{% macro trajectory(change, least_change, up, down) -%}
    case
        when {{ change }} >= {{ least_change }} then '{{ up }}'
        when {{ change }} <= -{{ least_change }} then '{{ down }}'
        when {{ change }} is not null then 'stable'
    end
{%- endmacro %}
