{% macro operations_score(health_score, online, in_service, overdue, tickets_30d, locations) -%}
    {#- Null without a device in service. Tickets: none gives all points, operations_tickets_of_score_0 per
        location none. -#}
    {%- set points = var('operations_points') -%}
    {%- set borne = '(' ~ var('operations_tickets_of_score_0') ~ ' * ' ~ locations ~ ')' -%}
    cast(
        case
            when {{ in_service }} > 0 then
                {{ brewhouse_utils.ratio(points.health ~ ' * ' ~ health_score, 100, 2) }}
                + {{ brewhouse_utils.ratio(points.online ~ ' * ' ~ online, in_service, 2) }}
                + {{ brewhouse_utils.ratio(
                    points.maintenance ~ ' * (' ~ in_service ~ ' - ' ~ overdue ~ ')', in_service, 2
                ) }}
                + coalesce({{ brewhouse_utils.ratio(
                    points.tickets ~ ' * greatest(' ~ borne ~ ' - ' ~ tickets_30d ~ ', 0)', borne, 2
                ) }}, 0)
        end as decimal(18, 2)
    )
{%- endmacro %}


{% macro operations_action(offline, likely_to_fail, urgency, burden, idle) -%}
    {#- The first of operations_actions that applies. -#}
    case
        when {{ offline }} > 0 then 'restore_service'
        when {{ likely_to_fail }} > 0 then 'prevent_failure'
        when {{ urgency }} in ('critical', 'high') then 'clear_maintenance'
        when {{ burden }} = 'heavy' then 'reduce_tickets'
        when {{ idle }} > 0 then 'activate_devices'
        else 'keep'
    end
{%- endmacro %}


{% macro fleet_counts() -%}
    {#- Counts of an account's devices and their events, 0 where it has none. -#}
    {{- return([
        'total_devices', 'devices_in_service', 'online_devices', 'offline_devices', 'devices_active_7d',
        'devices_active_30d', 'excellent_devices', 'good_devices', 'fair_devices', 'poor_devices',
        'critical_devices', 'overdue_maintenance_devices', 'due_soon_maintenance_devices',
        'devices_needing_attention', 'likely_to_fail_devices', 'devices_with_alerts',
        'critical_alert_devices', 'aging_devices', 'total_events_30d', 'usage_events_30d',
        'alert_events_30d', 'quality_issues_30d', 'measured_events_30d', 'failures_30d',
        'failures_90d', 'rapid_failures_90d', 'recoveries_90d',
    ]) -}}
{%- endmacro %}
