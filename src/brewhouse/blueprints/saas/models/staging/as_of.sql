{{ config(materialized='table') }}

{%- set arrivals = {
    'base_app_database__feature_usage': 'record_created_at',
    'base_app_database__page_views': 'record_created_at',
    'base_app_database__tap_events': 'record_created_at',
    'base_app_database__user_sessions': 'record_created_at',
    'base_hubspot__deals': 'synced_at',
    'base_hubspot__engagements': 'synced_at',
    'base_hubspot__tickets': 'synced_at',
    'base_stripe__events': 'synced_at',
} %}

{{ brewhouse_utils.last_moment(arrivals) }}
