{% macro churn_points_of_payment(overdue_invoices, failed_payments_90d) -%}
    {%- set points = var('churn_risk_points') -%}
    cast(case
        when {{ overdue_invoices }} > 0 then {{ points.overdue }}
        when {{ failed_payments_90d }} > 0 then {{ points.failed_payment }}
        else 0
    end as decimal(4, 2))
{%- endmacro %}


{% macro churn_points_of_contract(contract_ends_on, day) -%}
    {#- Who pays by the month can leave every month, who pays by the year when the year ends. -#}
    cast(case
        when {{ contract_ends_on }} > {{ day }} + {{ var('renewal_window_days') }} then 0
        else {{ var('churn_risk_points').contract }}
    end as decimal(4, 2))
{%- endmacro %}


{% macro churn_points_of_plan(plan_name) -%}
    cast(case {{ plan_name }}
        {%- for plan, points in var('churn_risk_plan_points').items() %}
        when '{{ plan }}' then {{ points }}
        {%- endfor %}
        else 0
    end as decimal(4, 2))
{%- endmacro %}


{% macro churn_points_of_tickets(tickets_opened_90d) -%}
    {%- set points = var('churn_risk_points') -%}
    cast(least({{ points.tickets }}, {{ points.per_ticket }} * {{ tickets_opened_90d }}) as decimal(4, 2))
{%- endmacro %}


{% macro churn_points_of_share(part, whole, source) -%}
    {#- Of nothing, none. -#}
    {%- set points = var('churn_risk_points')[source] -%}
    cast(coalesce(
        {{ brewhouse_utils.ratio(points ~ ' * least(' ~ part ~ ', ' ~ whole ~ ')', whole, 2) }}, 0
    ) as decimal(4, 2))
{%- endmacro %}


{% macro churn_points_of_low_use(uses_30d, uses_90d, months, units, target, source) -%}
    {#- What is missing to the target, per month and user or device: over three months, or over the last alone while
        the account is younger. In its first month it isn't judged. -#}
    {%- set expected = '(' ~ units ~ ' * ' ~ target ~ ' * ' ~ months ~ ')' -%}
    {%- set used = '(case when ' ~ months ~ ' = 3 then ' ~ uses_90d ~ ' else ' ~ uses_30d ~ ' end)' -%}
    {{ churn_points_of_share('greatest(' ~ expected ~ ' - ' ~ used ~ ', 0)', expected, source) }}
{%- endmacro %}


{% macro churn_points_of_falling_use(uses_30d, uses_90d, months) -%}
    {#- The last month against the two before: what is gone of it. -#}
    {%- set before = '(' ~ uses_90d ~ ' - (' ~ uses_30d ~ '))' -%}
    cast(case
        when {{ months }} = 3 and {{ uses_90d }} >= {{ var('falling_use_least_events') }}
            then {{ churn_points_of_share(
                'greatest(' ~ before ~ ' - 2 * (' ~ uses_30d ~ '), 0)', before, 'falling_use'
            ) }}
        else 0
    end as decimal(4, 2))
{%- endmacro %}


{% macro churn_points_of_falling_health(health, health_30d_ago) -%}
    {%- set points = var('churn_risk_points') -%}
    cast(coalesce(least(
        {{ points.falling_health }},
        greatest(0, round(({{ health_30d_ago }} - {{ health }}) * {{ points.per_health_lost }}, 2))
    ), 0) as decimal(4, 2))
{%- endmacro %}


{% macro churn_risk_sources() -%}
    {{- return([
        'churn_points_payment', 'churn_points_contract', 'churn_points_plan', 'churn_points_tickets',
        'churn_points_devices', 'churn_points_sessions', 'churn_points_device_use',
        'churn_points_falling_use', 'churn_points_idle_users', 'churn_points_falling_health',
    ]) -}}
{%- endmacro %}


{% macro churn_risk(customer_status, sources) -%}
    {#- Points are ten times the coefficients of a logistic regression, rounded: of leaving within 90 days, on paying
        customers of 2025-03-31, 06-30 and 09-30 in a simulated company of scale 1 (27,774 of them, 1,533 left). The
        contract has fewer than its coefficient, so that the bands divide those who can leave; falling health, to
        which the regression gives nothing beside low use, has a few so that a fall is seen. -#}
    case
        when {{ customer_status }} = 'churned' then cast(100 as decimal(18, 2))
        else cast(least({{ sources | join(' + ') }}, 100) as decimal(18, 2))
    end
{%- endmacro %}
