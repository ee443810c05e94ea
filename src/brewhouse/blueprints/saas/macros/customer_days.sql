{% macro churn_risk_sources() -%}
    {{- return([
        'churn_points_payment', 'churn_points_contract', 'churn_points_plan', 'churn_points_tickets',
        'churn_points_devices', 'churn_points_sessions', 'churn_points_device_use',
        'churn_points_falling_use', 'churn_points_idle_users', 'churn_points_falling_health',
    ]) -}}
{%- endmacro %}
