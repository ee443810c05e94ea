{% macro payment_health_score(recent_failures, recent_charges, in_arrears, lost, seconds, paid) -%}
    {#- Sums of points, each from whole numbers and one division. Null before the first charge. -#}
    {%- set points = var('payment_health_points') -%}
    {%- set allowed = '(' ~ paid ~ ' * ' ~ var('slow_payment_days') * 86400 ~ ')' -%}
    cast(case
        when {{ recent_charges }} > 0
            then {{ brewhouse_utils.ratio(
                points.charges ~ ' * (' ~ recent_charges ~ ' - ' ~ recent_failures ~ ')',
                recent_charges, 2
            ) }}
            + case when {{ in_arrears }} = 0 and {{ lost }} = 0 then {{ points.arrears }} else 0 end
            + coalesce({{ brewhouse_utils.ratio(
                points.speed ~ ' * greatest(' ~ allowed ~ ' - ' ~ seconds ~ ', 0)', allowed, 2
            ) }}, 0)
    end as decimal(18, 2))
{%- endmacro %}


{% macro subscription_risk_score(state, is_replaced, recent_failures, recent_charges, in_arrears, unpaid_attempts) -%}
    {%- set points = var('subscription_risk_points') -%}
    cast(case
        when {{ state }} = 'ended' and {{ is_replaced }} then null
        when {{ state }} = 'ended' then 100
        when {{ recent_charges }} > 0
            then case when {{ in_arrears }} > 0 then {{ points.arrears }} else 0 end
            + least({{ points.attempt }} * {{ unpaid_attempts }}, {{ points.all_attempts }})
            + {{ brewhouse_utils.ratio(points.recent ~ ' * ' ~ recent_failures, recent_charges, 2) }}
    end as decimal(18, 2))
{%- endmacro %}


{% macro payment_behavior(charges, charges_paid, in_arrears, lost) -%}
    case
        when {{ charges }} = 0 then 'no_charges'
        when {{ in_arrears }} > 0 then 'in_arrears'
        when {{ lost }} > 0 then 'defaulted'
        when {{ charges_paid }} < {{ charges }} then 'recovered'
        else 'prompt'
    end
{%- endmacro %}


{% macro mrr_at_risk(mrr, risk) -%}
    case
        when {{ risk }} in ({{ brewhouse_utils.sql_list(var('subscription_risks_that_count')) }})
            then {{ mrr }}
        else cast(0 as decimal(18, 2))
    end
{%- endmacro %}


{% macro expected_annual_revenue(mrr, risk_score) -%}
    {#- A year of what it pays now, less the part that its risk takes. -#}
    cast(round({{ mrr }} * 12 * (100 - coalesce({{ risk_score }}, 0)) * 0.01, 2) as decimal(18, 2))
{%- endmacro %}


{% macro expansion_opportunity(locations, devices, plan) -%}
    {#- How far what is in use fills what the plan includes, by the fuller of the two; 100 at twice of it. -#}
    {%- set full = var('full_allowance_score') -%}
    cast(case when {{ locations }} is not null and {{ devices }} is not null then
        least(greatest(
            {{ brewhouse_utils.ratio(
                full ~ ' * ' ~ locations,
                brewhouse_utils.plan_allowance(var('plans'), 'locations', plan), 2
            ) }},
            {{ brewhouse_utils.ratio(
                full ~ ' * ' ~ devices,
                brewhouse_utils.plan_allowance(var('plans'), 'devices', plan), 2
            ) }}
        ), 100)
    end as decimal(18, 2))
{%- endmacro %}
