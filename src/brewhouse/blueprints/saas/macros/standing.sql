{% macro standing_columns() -%}
    {#- What the marts need of an account in service: all but what only a lost one has. -#}
    {{- return([
        'account_id', 'company_name', 'industry', 'account_type', 'company_size_category', 'customer_tier',
        'customer_status', 'created_at', 'first_subscription_date', 'days_since_creation',
        'customer_lifetime_days', 'cohort_month', 'lifecycle_stage', 'plan_name', 'billing_cycle',
        'contract_ends_on', 'monthly_recurring_revenue', 'annual_recurring_revenue', 'mrr_30d_change',
        'mrr_trajectory_30d', 'payment_state', 'failed_payments_30d', 'total_devices', 'device_events_30d',
        'healthy_devices', 'down_devices', 'last_device_activity', 'total_users', 'active_users_7d',
        'active_users_30d', 'user_activation_rate_30d', 'avg_user_engagement_score', 'last_user_activity',
        'sessions_30d', 'total_locations', 'active_locations', 'open_tickets', 'tickets_opened_30d',
        'customer_health_score', 'health_band', 'health_score_30d_change', 'health_trajectory_30d',
        'health_mrr_points', 'health_engagement_points', 'health_devices_points',
        'health_activation_points', 'churn_risk_score', 'churn_risk_band',
    ] + churn_risk_sources()) -}}
{%- endmacro %}
