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

with

known_moments as (
    {% for model, arrived_at in arrivals.items() -%}
    {{ 'union all' if not loop.first }}
    select max({{ arrived_at }}) as moment from {{ ref(model) }}
    where data_quality_flag = 'valid'
    {% endfor %}
),

chosen_moment as (
    {% if var('as_of', none) %}
    select {{ brewhouse_utils.as_of() }} as as_of
    {% else %}
    select max(moment) as as_of from known_moments
    {% endif %}
)

select * from chosen_moment
