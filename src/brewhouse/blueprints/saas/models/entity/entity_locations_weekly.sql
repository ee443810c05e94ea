{{ config(
    tags=['refresh_weekly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen(
        'week_start_date', grain='week', key='location_id', again=ref('fact_locations__returns')
    ) }}",
    post_hook=[
        "{{ brewhouse_utils.update_attributes(
            ref('stg_app_database__locations'), 'location_id', {
                'location_key': 'location_key', 'account_id': 'account_id',
                'location_name': 'location_name', 'location_type': 'location_type',
                'location_category': 'location_category', 'city': 'city', 'state_code': 'state',
                'country_code': 'country', 'geographic_market': 'region',
            }
        ) }}",
    ],
    indexes=brewhouse_utils.indexes(['location_id', 'week_start_date'], ['week_start_date']),
) }}

with

week_scores as (
    {{ brewhouse_utils.rows_to_add(
        ref('fact_locations__week_scores'), 'week_start_date', key='location_id',
        again=ref('fact_locations__returns')
    ) }}
),

week_devices as (
    select * from {{ ref('fact_locations__week_devices') }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
)

select
    week_scores.location_id,
    {{ own_columns('stg_app_database__locations', ['location_key', 'account_id']) }},
    week_scores.week_start_date,
    cast(week_scores.week_start_date + 6 as date) as week_end_date,
    {{ own_columns('stg_app_database__locations', [
        'location_name', 'location_type', 'location_category', 'city',
    ]) }},
    stg_app_database__locations.state as state_code,
    stg_app_database__locations.country as country_code,
    stg_app_database__locations.region as geographic_market,
    {{ own_columns('week_scores', [
        'location_status', 'operational_status', 'active_days', 'quality_issues',
        'measured_events', 'alert_events', 'online_devices', 'service_seconds', 'downtime_seconds',
        'weekly_uptime_percentage', 'measured_events_30d', 'quality_issues_30d',
        'alert_events_30d', 'uptime_percentage_30d', 'performance_score_30d', 'alert_score_30d',
        'operational_health_score', 'device_health_tier', 'activity_level', 'volume_tier',
        'location_lifecycle_stage', 'taps_wow_change', 'volume_wow_change', 'quality_wow_change',
    ]) }},
    week_scores.devices as total_devices,
    week_scores.total_events as weekly_tap_events,
    week_scores.total_events_30d as tap_events_30d,
    week_scores.total_volume_ml as total_volume,
    week_scores.total_volume_ml_30d as total_volume_30d,
    coalesce(week_devices.active_devices, 0) as active_devices,
    coalesce(week_devices.beverage_types_served, 0) as beverage_types_served,
    {%- for name, parts in {
        'device_connectivity_rate': ['online_devices', 'devices'],
        'taps_per_device': ['total_events', 'devices'],
        'avg_daily_taps': ['total_events', 'active_days'],
        'quality_issue_rate': ['quality_issues', 'measured_events'],
        'quality_issue_rate_30d': ['quality_issues_30d', 'measured_events_30d'],
    }.items() %}
    {{ brewhouse_utils.ratio('week_scores.' ~ parts[0], 'week_scores.' ~ parts[1]) }} as {{ name }},
    {%- endfor %}
    {{ brewhouse_utils.ratio(
        'week_scores.flow_rate_sum', 'week_scores.flow_rate_readings', 2
    ) }} as avg_flow_rate,
    {{ brewhouse_utils.ratio('coalesce(week_devices.active_devices, 0)', 'week_scores.devices') }}
        as device_utilization_rate,
    {{ estimated_revenue('week_scores.total_volume_ml') }} as estimated_weekly_revenue,
    {{ estimated_revenue('week_scores.total_volume_ml_30d') }} as estimated_revenue_30d,
    {{ location_expansion_indicator(
        'week_scores.activity_level', 'week_scores.device_health_tier'
    ) }} as expansion_indicator,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from week_scores
inner join stg_app_database__locations
    on week_scores.location_id = stg_app_database__locations.location_id
left join week_devices
    on
        week_scores.location_id = week_devices.location_id
        and week_scores.week_start_date = week_devices.week_start_date
