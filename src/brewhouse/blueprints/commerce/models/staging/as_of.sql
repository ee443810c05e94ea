{{ config(materialized='table') }}

{%- set moments = {
    'base_customers': 'updated_at',
    'base_orders': 'greatest(order_date, received_at)',
    'base_order_items': 'received_at',
    'base_support_tickets': 'greatest(ticket_date, received_at)',
} %}

{{ brewhouse_utils.last_moment(moments) }}
