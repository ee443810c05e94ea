{% macro health_share(part, whole, weight, of_nothing=0) -%}
    {#- Points for a share of something, at most all of them. -#}
    cast(coalesce(
        {{ brewhouse_utils.ratio(weight ~ ' * least(' ~ part ~ ', ' ~ whole ~ ')', whole, 2) }},
        {{ of_nothing }}
    ) as decimal(4, 2))
{%- endmacro %}


{% macro health_mrr(mrr, highest_mrr) -%}
    {#- In a trial there was never anything to lose: all points, so that the first payment changes nothing. -#}
    {%- set points = var('customer_health_points').mrr -%}
    {%- set cents = ['cast(100 * ' ~ mrr ~ ' as bigint)', 'cast(100 * ' ~ highest_mrr ~ ' as bigint)'] -%}
    {{ health_share(cents[0], cents[1], points, of_nothing=points) }}
{%- endmacro %}


{% macro health_devices(healthy_devices, total_devices) -%}
    {{ health_share(healthy_devices, total_devices, var('customer_health_points').devices) }}
{%- endmacro %}


{% macro health_engagement(sessions_30d, total_users) -%}
    {%- set target = total_users ~ ' * ' ~ var('sessions_per_user_30d') -%}
    {{ health_share(sessions_30d, target, var('customer_health_points').engagement) }}
{%- endmacro %}


{% macro health_activation(active_users_30d, total_users) -%}
    {{ health_share(active_users_30d, total_users, var('customer_health_points').activation) }}
{%- endmacro %}


{% macro customer_health(customer_status, components) -%}
    case
        when {{ customer_status }} = 'churned' then cast(0 as decimal(5, 2))
        else cast({{ components | join(' + ') }} as decimal(5, 2))
    end
{%- endmacro %}


{% macro subscription_health(customer_status, overdue_invoices, failed_payments_90d, mrr, highest_mrr) -%}
    {#- How safe the revenue of the account is: whether it is paid, and how much of the most there was is left. -#}
    {%- set points = var('subscription_health_points') -%}
    {%- set cents = ['cast(100 * ' ~ mrr ~ ' as bigint)', 'cast(100 * ' ~ highest_mrr ~ ' as bigint)'] -%}
    cast(case
        when {{ customer_status }} = 'churned' then 0
        else case
            when {{ overdue_invoices }} > 0 then 0
            when {{ failed_payments_90d }} > 0 then {{ var('subscription_health_after_failure') }}
            else {{ points.payment }}
        end + {{ health_share(cents[0], cents[1], points.mrr, of_nothing=points.mrr) }}
    end as decimal(18, 2))
{%- endmacro %}
