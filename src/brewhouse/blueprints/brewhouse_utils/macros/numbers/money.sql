{% macro dollars(cents) %}
    {{- return(adapter.dispatch('dollars', 'brewhouse_utils')(cents)) -}}
{% endmacro %}

{% macro default__dollars(cents) -%}
    {#- A product of decimals, because a quotient would be a double on DuckDB. -#}
    cast({{ brewhouse_utils.safe_bigint(cents) }} * 0.01 as decimal(18, 2))
{%- endmacro %}


{% macro monthly_amount(amount, interval, interval_count) %}
    {{- return(
        adapter.dispatch('monthly_amount', 'brewhouse_utils')(amount, interval, interval_count)
    ) -}}
{% endmacro %}

{% macro default__monthly_amount(amount, interval, interval_count) -%}
    {#- Multiplied first and divided once, so that nothing is rounded twice. -#}
    {%- set times -%}
        {{ amount }} * case {{ interval }} when 'week' then 52 when 'day' then 365 else 1 end
    {%- endset -%}
    {%- set months -%}
        (case {{ interval }} when 'month' then 1 when 'quarter' then 3 else 12 end
        * {{ interval_count }})
    {%- endset -%}
    cast(
        case
            when {{ interval }} in ('day', 'week', 'month', 'quarter', 'year')
                then {{ brewhouse_utils.ratio(times, months, 2) }}
        end as decimal(18, 2)
    )
{%- endmacro %}


{% macro billing_period(interval, interval_count) %}
    {{- return(
        adapter.dispatch('billing_period', 'brewhouse_utils')(interval, interval_count)
    ) -}}
{% endmacro %}

{% macro default__billing_period(interval, interval_count) -%}
    case
        when {{ interval }} is null then 'one_time'
        when {{ interval }} = 'day' and {{ interval_count }} = 1 then 'daily'
        when {{ interval }} = 'week' and {{ interval_count }} = 1 then 'weekly'
        when {{ interval }} = 'month' and {{ interval_count }} = 1 then 'monthly'
        when {{ interval }} = 'month' and {{ interval_count }} = 3 then 'quarterly'
        when {{ interval }} = 'quarter' and {{ interval_count }} = 1 then 'quarterly'
        when {{ interval }} = 'month' and {{ interval_count }} = 12 then 'annual'
        when {{ interval }} = 'year' and {{ interval_count }} = 1 then 'annual'
        else 'other'
    end
{%- endmacro %}


{% macro plan_floors(plans, discount_percent) -%}
    {%- set prices = [] -%}
    {%- for plan, terms in plans.items() -%}
        {%- do prices.append([terms.monthly_usd * (100 - discount_percent) / 100, plan]) -%}
    {%- endfor -%}
    {%- set floors = {} -%}
    {%- for price, plan in prices | sort(reverse=true) -%}
        {%- do floors.update({plan: price}) -%}
    {%- endfor -%}
    {{- return(floors) -}}
{%- endmacro %}


{% macro plan_allowance(plans, what, plan) -%}
    {#- How much of something (a key of the plans) a plan includes. -#}
    case {{ plan }}
        {%- for name, terms in plans.items() %}
        when '{{ name }}' then {{ terms[what] }}
        {%- endfor %}
    end
{%- endmacro %}
