{{ config(materialized='table') }}

with

base_users as (
    select * from {{ ref('base_users') }}
),

base_events as (
    select * from {{ ref('base_events') }}
),

base_orders as (
    select * from {{ ref('base_orders') }}
),

known_moments as (
    select max(created_at) as moment from base_users
    where data_quality_flag = 'valid'
    union all
    select max(greatest(event_timestamp, coalesce(received_at, event_timestamp))) as moment
    from base_events
    where data_quality_flag = 'valid'
    union all
    select max(greatest(created_at, coalesce(received_at, created_at))) as moment
    from base_orders
    where data_quality_flag = 'valid'
),

chosen_moment as (
    {% if var('as_of', none) %}
    select {{ brewhouse_utils.as_of() }} as as_of
    {% else %}
    select max(moment) as as_of from known_moments
    {% endif %}
)

select * from chosen_moment
