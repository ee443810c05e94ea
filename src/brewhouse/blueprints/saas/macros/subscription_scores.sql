{% macro payment_health_score(recent_failures, recent_charges, in_arrears, lost, seconds, paid) -%}
    {#- Sums of points, each from whole numbers and one division. Null before the first charge. -#}
    {%- set points = var('payment_health_points') -%}
    {%- set allowed = '(' ~ paid ~ ' * ' ~ var('slow_payment_days') * 86400 ~ ')' -%}
    case
        when {{ recent_charges }} > 0 then cast(
            {{ brewhouse_utils.ratio(
                points.charges ~ ' * (' ~ recent_charges ~ ' - ' ~ recent_failures ~ ')',
                recent_charges, 2
            ) }}
            + case when {{ in_arrears }} = 0 and {{ lost }} = 0 then {{ points.arrears }} else 0 end
            + coalesce({{ brewhouse_utils.ratio(
                points.speed ~ ' * greatest(' ~ allowed ~ ' - ' ~ seconds ~ ', 0)', allowed, 2
            ) }}, 0) as decimal(18, 2)
        )
    end
{%- endmacro %}


{% macro subscription_risk_score(state, is_replaced, recent_failures, recent_charges, in_arrears, unpaid_attempts) -%}
    {%- set points = var('subscription_risk_points') -%}
    case
        when {{ state }} = 'ended' and {{ is_replaced }} then null
        when {{ state }} = 'ended' then cast(100 as decimal(18, 2))
        when {{ recent_charges }} > 0 then cast(
            case when {{ in_arrears }} > 0 then {{ points.arrears }} else 0 end
            + least({{ points.attempt }} * {{ unpaid_attempts }}, {{ points.all_attempts }})
            + {{ brewhouse_utils.ratio(points.recent ~ ' * ' ~ recent_failures, recent_charges, 2) }}
            as decimal(18, 2)
        )
    end
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
