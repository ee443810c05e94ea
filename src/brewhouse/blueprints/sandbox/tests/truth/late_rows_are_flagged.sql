{{ config(enabled=var('simulated')) }}

{{ brewhouse_utils.late_rows_not_flagged({'events': 'stg_events', 'orders': 'stg_orders'}) }}
