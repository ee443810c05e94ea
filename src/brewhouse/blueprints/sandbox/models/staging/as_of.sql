{{ config(materialized='table') }}

{%- set moments = {
    'base_users': 'created_at',
    'base_events': 'greatest(event_timestamp, coalesce(received_at, event_timestamp))',
    'base_orders': 'greatest(created_at, coalesce(received_at, created_at))',
} %}

{{ brewhouse_utils.last_moment(moments) }}
