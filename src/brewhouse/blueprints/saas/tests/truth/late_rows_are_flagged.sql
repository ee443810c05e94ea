{{ config(enabled=var('simulated')) }}

{{ brewhouse_utils.late_rows_not_flagged({
    'app_database_feature_usage': 'stg_app_database__feature_usage',
    'app_database_page_views': 'stg_app_database__page_views',
    'app_database_tap_events': 'stg_app_database__tap_events',
    'app_database_user_sessions': 'stg_app_database__user_sessions',
}) }}
