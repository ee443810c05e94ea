{% macro operations_columns() -%}
    {#- Columns of mart_operations_health with their types and, by section, where each comes from. A section that
        has no such thing has null. -#}
    {%- set text, whole, amount, rate = dbt.type_string(), 'bigint', 'decimal(18, 2)', 'decimal(18, 6)' -%}
    {{- return({
        'account_id': [text, {'device': 'account_id', 'location': 'account_id', 'account': 'account_id'}],
        'location_id': [text, {'device': 'location_id', 'location': 'location_id'}],
        'device_id': [text, {'device': 'device_id'}],
        'entity_name': [text, {
            'device': 'serial_number', 'location': 'location_name', 'account': 'company_name'
        }],
        'operational_status': [text, {'device': 'operational_status', 'location': 'operational_status'}],
        'customer_status': [text, {'account': 'customer_status'}],
        'customer_tier': [whole, {'account': 'customer_tier'}],
        'location_name': [text, {'device': 'location_name', 'location': 'location_name'}],
        'location_type': [text, {'device': 'location_type', 'location': 'location_type'}],
        'location_status': [text, {'location': 'location_status'}],
        'location_lifecycle_stage': [text, {'location': 'location_lifecycle_stage'}],
        'city': [text, {'device': 'city', 'location': 'city', 'account': 'main_city'}],
        'state': [text, {'device': 'state', 'location': 'state_code'}],
        'country': [text, {'device': 'country', 'location': 'country_code', 'account': 'main_country_code'}],
        'device_type': [text, {'device': 'device_type'}],
        'device_status': [text, {'device': 'device_status'}],
        'model': [text, {'device': 'model'}],
        'firmware_version': [text, {'device': 'firmware_version'}],
        'installation_date': ['date', {'device': 'device_installed_date', 'location': 'opened_on'}],
        'last_maintenance_date': ['date', {
            'device': 'last_maintenance_date', 'location': 'last_maintenance_performed'
        }],
        'age_days': [whole, {
            'device': 'device_age_days', 'location': 'location_age_days', 'account': 'days_since_creation'
        }],
        'maintenance_status': [text, {'device': 'maintenance_status'}],
        'maintenance_risk_level': [text, {'device': 'maintenance_risk_level'}],
        'operational_health_score': [amount, {
            'device': 'overall_health_score', 'location': 'operational_health_score',
            'account': 'avg_device_health_score'
        }],
        'health_tier': [text, {
            'device': 'device_health_status', 'location': 'device_health_tier', 'account': 'account_tier'
        }],
        'uptime_percentage_30d': [amount, {
            'device': 'uptime_percentage_30d', 'location': 'uptime_percentage_30d',
            'account': 'uptime_percentage_30d'
        }],
        'events_24h': [whole, {'device': 'events_24h'}],
        'volume_ml_24h': [amount, {'device': 'volume_ml_24h'}],
        'quality_issues_24h': [whole, {'device': 'quality_issues_24h'}],
        'performance_score_24h': [amount, {'device': 'performance_score_24h'}],
        'events_30d': [whole, {
            'device': 'total_events_30d', 'location': 'tap_events_30d', 'account': 'total_events_30d'
        }],
        'volume_ml_30d': [amount, {
            'device': 'total_volume_ml_30d', 'location': 'total_volume_30d', 'account': 'total_volume_ml_30d'
        }],
        'quality_issues_30d': [whole, {
            'device': 'quality_issues_30d', 'location': 'quality_issues_30d', 'account': 'quality_issues_30d'
        }],
        'quality_issue_rate_30d': [rate, {
            'device': 'quality_issue_rate_30d', 'location': 'quality_issue_rate_30d',
            'account': 'quality_issue_rate_30d'
        }],
        'alert_events_30d': [whole, {
            'device': 'alert_events_30d', 'location': 'alert_events_30d', 'account': 'alert_events_30d'
        }],
        'estimated_revenue_30d': [amount, {
            'device': 'estimated_revenue_30d', 'location': 'estimated_revenue_30d',
            'account': 'estimated_revenue_30d'
        }],
        'standing_alerts': [whole, {
            'device': 'standing_alerts', 'location': 'standing_alerts', 'account': 'standing_alerts'
        }],
        'worst_alert': [text, {
            'device': 'worst_alert', 'location': 'worst_alert', 'account': 'worst_alert'
        }],
        'devices_in_service': [whole, {
            'device': 'devices_in_service', 'location': 'total_devices', 'account': 'devices_in_service'
        }],
        'online_devices': [whole, {
            'device': 'online_devices', 'location': 'online_devices', 'account': 'online_devices'
        }],
        'active_devices_30d': [whole, {
            'device': 'active_devices_30d', 'location': 'active_devices', 'account': 'devices_active_30d'
        }],
        'overdue_maintenance_devices': [whole, {
            'device': 'overdue_maintenance_devices', 'location': 'overdue_maintenance_devices',
            'account': 'overdue_maintenance_devices'
        }],
        'connectivity_tier': [text, {'location': 'connectivity_tier'}],
        'volume_tier': [text, {'location': 'volume_tier'}],
        'activity_level': [text, {'device': 'activity_status', 'location': 'activity_level'}],
        'expansion_indicator': [text, {'location': 'expansion_indicator'}],
        'market_tier': [text, {'location': 'market_tier'}],
        'total_locations': [whole, {'account': 'total_locations'}],
        'open_locations': [whole, {'account': 'open_locations'}],
        'at_risk_locations': [whole, {'account': 'underperforming_locations'}],
        'down_locations': [whole, {'account': 'down_locations'}],
        'excellent_devices': [whole, {'account': 'excellent_devices'}],
        'good_devices': [whole, {'account': 'good_devices'}],
        'fair_devices': [whole, {'account': 'fair_devices'}],
        'poor_devices': [whole, {'account': 'poor_devices'}],
        'critical_devices': [whole, {'account': 'critical_devices'}],
        'devices_needing_attention': [whole, {'account': 'devices_needing_attention'}],
        'total_users': [whole, {'account': 'total_users'}],
        'active_users_30d': [whole, {'account': 'active_users_30d'}],
        'last_user_activity': ['timestamp', {'account': 'last_user_activity'}],
        'open_tickets': [whole, {'account': 'open_tickets'}],
        'tickets_opened_30d': [whole, {'account': 'tickets_opened_30d'}],
    }) -}}
{%- endmacro %}


{% macro operations_section(section, rows) -%}
    select
        {{ brewhouse_utils.surrogate_key(["'" ~ section ~ "'", section ~ '_id']) }} as row_key,
        '{{ section }}' as mart_section,
        {{ section }}_id as entity_id,
        {%- for name, parts in operations_columns().items() %}
        cast({{ parts[1].get(section, 'null') }} as {{ parts[0] }}) as {{ name }},
        {%- endfor %}
        {{ brewhouse_utils.built_at() }} as mart_updated_at
    from {{ rows }}
{%- endmacro %}


{% macro alerts_by(key) -%}
    {#- How many alerts stand, and which is the most urgent. -#}
    select
        {{ key }},
        count(*) as standing_alerts,
        {{ brewhouse_utils.first_by('alert_kind', ['alert_rank']) }} as worst_alert
    from fact_devices__alerts
    group by {{ key }}
{%- endmacro %}
