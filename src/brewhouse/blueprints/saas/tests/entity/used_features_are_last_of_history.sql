{#- A feature that was never used has neither a month nor a history. -#}
{{ brewhouse_utils.test_current_is_last_of_history(
    "(select * from " ~ ref('entity_features') ~ " where first_usage_date is not null)",
    ref('entity_features_history'),
    'feature_name',
    [
        'adoption_stage', 'strategic_importance', 'market_fit_segment', 'engagement_level',
        'usage_frequency', 'feature_maturity', 'lifecycle_stage', 'roadmap_recommendation',
    ],
) }}
