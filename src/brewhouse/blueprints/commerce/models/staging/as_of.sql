{{ config(materialized='table') }}

{%- set moments = {
    'base_customers': 'updated_at',
    'base_orders': 'greatest(order_date, received_at)',
    'base_order_items': 'received_at',
    'base_support_tickets': 'greatest(ticket_date, received_at)',
} %}

with

known_moments as (
    {% for model, moment in moments.items() -%}
    {{ 'union all' if not loop.first }}
    select max({{ moment }}) as moment from {{ ref(model) }}
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
