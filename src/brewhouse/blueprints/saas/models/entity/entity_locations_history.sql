{{ config(
    tags=['refresh_weekly'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen(
        'valid_from', grain='week', key='location_id', again=ref('fact_locations__returns')
    ) }}",
    post_hook=[
        "{{ brewhouse_utils.close_versions('location_id') }}",
        "{{ brewhouse_utils.update_attributes(
            ref('stg_app_database__locations'), 'location_id', [
                'location_key', 'account_id', 'location_name', 'location_type',
                'location_category', 'location_created_at',
            ]
        ) }}",
    ],
    indexes=brewhouse_utils.indexes(['location_id']),
) }}

with

entity_locations_weekly as (
    select * from {{ ref('entity_locations_weekly') }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

history as (
    {{ brewhouse_utils.history_of(
        'entity_locations_weekly', 'location_id', 'week_start_date',
        tracked=[
            'location_status', 'operational_status', 'total_devices', 'device_health_tier',
            'activity_level', 'volume_tier', 'expansion_indicator',
        ],
        change_types={
            'status': ['location_status', 'operational_status'],
            'devices': ['total_devices'],
            'health': ['device_health_tier'],
            'activity': ['activity_level', 'volume_tier', 'expansion_indicator'],
        },
        carried=[
            'online_devices', 'device_connectivity_rate', 'tap_events_30d', 'total_volume_30d',
            'quality_issues_30d', 'quality_issue_rate_30d', 'alert_events_30d',
            'uptime_percentage_30d', 'performance_score_30d', 'operational_health_score',
            'estimated_revenue_30d', 'location_lifecycle_stage',
        ],
        previous={
            'previous_location_status': 'location_status',
            'previous_operational_status': 'operational_status',
            'previous_health_score': 'operational_health_score',
            'previous_device_health_tier': 'device_health_tier',
            'previous_activity_level': 'activity_level',
            'previous_volume_tier': 'volume_tier',
            'previous_expansion_indicator': 'expansion_indicator',
            'previous_estimated_revenue': 'estimated_revenue_30d',
        },
        differences={
            'health_score_change': 'operational_health_score',
            'estimated_revenue_change': 'estimated_revenue_30d',
        },
        types={
            'previous_health_score': 'decimal(18, 2)',
            'health_score_change': 'decimal(18, 2)',
            'previous_estimated_revenue': 'decimal(18, 2)',
            'estimated_revenue_change': 'decimal(18, 2)',
        },
        continued=true,
        again=ref('fact_locations__returns'),
    ) }}
)

select
    {{ brewhouse_utils.surrogate_key(['history.location_id', 'history.valid_from']) }}
        as location_history_id,
    {{ own_columns('history', [
        'location_id', 'valid_from', 'valid_to', 'is_current', 'change_type',
    ]) }},
    {{ own_columns('stg_app_database__locations', [
        'location_key', 'account_id', 'location_name', 'location_type', 'location_category',
        'location_created_at',
    ]) }},
    {{ own_columns('history', [
        'location_status', 'previous_location_status', 'operational_status',
        'previous_operational_status', 'total_devices', 'online_devices',
        'device_connectivity_rate', 'tap_events_30d', 'total_volume_30d', 'quality_issues_30d',
        'quality_issue_rate_30d', 'alert_events_30d', 'uptime_percentage_30d',
        'performance_score_30d', 'operational_health_score', 'previous_health_score',
        'device_health_tier', 'previous_device_health_tier', 'activity_level',
        'previous_activity_level', 'volume_tier', 'previous_volume_tier', 'expansion_indicator',
        'previous_expansion_indicator', 'estimated_revenue_30d', 'previous_estimated_revenue',
        'location_lifecycle_stage', 'health_score_change', 'estimated_revenue_change',
    ]) }},
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from history
inner join stg_app_database__locations
    on history.location_id = stg_app_database__locations.location_id
