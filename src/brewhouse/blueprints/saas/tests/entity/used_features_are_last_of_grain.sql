{#- A feature that was never used has neither a month nor a history. -#}
{{ brewhouse_utils.test_current_is_last_of_grain(
    "(select * from " ~ ref('entity_features') ~ " where first_usage_date is not null)",
    ref('entity_features_monthly'),
    'feature_name',
    'month_start_date',
    [
        'adoption_stage', 'strategic_importance', 'market_fit_segment', 'engagement_level',
        'usage_frequency', 'feature_maturity', 'feature_momentum', 'lifecycle_stage',
        'roadmap_recommendation', 'accounts_using', 'users_using', 'total_usage_events',
        'eligible_accounts', 'eligible_users', 'account_adoption_rate', 'user_adoption_rate',
        'stickiness_rate', 'adopter_accounts', 'adopters_mrr', 'avg_mrr_adopters',
        'feature_value_score', 'feature_age_days', 'usage_events_30d', 'usage_events_30d_before',
        'enterprise_adopters', 'business_adopters', 'professional_adopters', 'starter_adopters',
        'enterprise_adoption_rate', 'business_adoption_rate', 'professional_adoption_rate',
        'starter_adoption_rate', 'enterprise_stickiness_rate', 'business_stickiness_rate',
        'professional_stickiness_rate', 'starter_stickiness_rate',
    ],
) }}
