with

entity_devices as (
    select * from {{ ref('entity_devices') }}
),

entity_locations as (
    select * from {{ ref('entity_locations') }}
),

entity_customers as (
    select * from {{ ref('entity_customers') }}
),

fact_devices__alert_summary as (
    select * from {{ ref('fact_devices__alert_summary') }}
),

groups as (
    select
        entity_devices.account_id,
        entity_devices.location_id,
        entity_devices.device_type,
        entity_devices.device_status,
        count(*) as total_devices,
        {%- for name, condition in device_group_counts().items() %}
        {{ brewhouse_utils.count_if(condition) }} as {{ name }},
        {%- endfor %}
        {%- for column in device_group_sums() %}
        cast(coalesce(sum({{ column }}), 0) as bigint) as {{ column }},
        {%- endfor %}
        {%- for column in ['total_volume_ml_30d', 'estimated_revenue_30d'] %}
        cast(coalesce(sum({{ column }}), 0) as decimal(18, 2))
            as {{ column }},
        {%- endfor %}
        {{ brewhouse_utils.ratio('sum(overall_health_score)', 'count(overall_health_score)', 2) }}
            as operational_health_score,
        {{ brewhouse_utils.ratio(
            'sum(case when is_in_service then performance_score_30d end)',
            'count(case when is_in_service then performance_score_30d end)', 2
        ) }} as avg_performance_score,
        {{ brewhouse_utils.ratio(
            'sum(days_since_maintenance)', 'count(days_since_maintenance)', 2
        ) }} as avg_days_since_maintenance,
        min(case
            when entity_devices.is_in_service then entity_devices.next_maintenance_due_date
        end) as next_maintenance_due_date,
        min(alerts.worst_rank) as worst_rank,
        max(entity_devices.last_heartbeat_at) as last_event_at
    from entity_devices
    left join fact_devices__alert_summary as alerts on entity_devices.device_id = alerts.device_id
    group by
        entity_devices.account_id, entity_devices.location_id, entity_devices.device_type,
        entity_devices.device_status
),

measured as (
    select
        groups.*,
        {{ uptime_score('service_seconds_30d', 'downtime_seconds_30d') }} as uptime_percentage_30d,
        {{ brewhouse_utils.ratio('active_devices_30d', 'devices_in_service') }}
            as device_active_rate,
        {{ brewhouse_utils.ratio('online_devices', 'devices_in_service') }} as connectivity_rate,
        {{ brewhouse_utils.ratio('quality_issues_30d', 'measured_events_30d') }}
            as quality_issue_rate_30d,
        {{ brewhouse_utils.ratio('total_events_30d', 'devices_in_service', 2) }}
            as avg_events_per_device_30d,
        {{ brewhouse_utils.ratio('overdue_maintenance_devices', 'devices_in_service') }}
            as overdue_maintenance_rate
    from groups
)

select
    {{ own_columns('entity_locations', [
        'location_id', 'location_name', 'location_type', 'location_status', 'city', 'state_code',
        'country_code', 'timezone',
    ]) }},
    {{ own_columns('entity_customers', [
        'account_id', 'company_name', 'customer_tier', 'customer_status'
    ]) }},
    {{ own_columns('measured', device_group_columns()) }},
    {{ brewhouse_utils.banded(
        'measured.operational_health_score', var('device_health_floors')
    ) }} as health_tier,
    {{ brewhouse_utils.banded('measured.connectivity_rate', var('location_connectivity_floors')) }}
        as connectivity_tier,
    {{ sla_status('measured.uptime_percentage_30d') }} as sla_status,
    {{ worst_alert_fact('measured.worst_rank', 'kind', none) }} as primary_alert,
    {{ worst_alert_fact('measured.worst_rank', 'severity', 'none') }} as support_priority,
    {{ worst_alert_fact('measured.worst_rank', 'action', 'No action needed') }}
        as recommended_action,
    {{ brewhouse_utils.built_at() }} as report_timestamp
from measured
inner join entity_locations on measured.location_id = entity_locations.location_id
inner join entity_customers on measured.account_id = entity_customers.account_id
