{{ config(enabled=var('simulated')) }}

{{ brewhouse_utils.dirt_not_quarantined(
    {'users': 'users', 'events': 'events', 'orders': 'orders'},
    reasons={
        'non_positive_amount': 'invalid_amount',
        'unparsable_time': {
            'users': 'missing_created_at', 'events': 'missing_timestamp', 'orders': 'missing_created_at'
        },
    }
) }}
