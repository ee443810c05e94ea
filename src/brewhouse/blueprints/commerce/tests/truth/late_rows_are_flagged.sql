{{ config(enabled=var('simulated')) }}

{{ brewhouse_utils.late_rows_not_flagged({
    'orders': 'stg_orders',
    'support_tickets': 'stg_support_tickets',
}) }}
