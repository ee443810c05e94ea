-- When did the features that came later start, and how far did they get?
-- asked by: product
-- holds: count(*) = 8 and min(first_used_on) filter (where feature_name = 'guided_setup') = min(first_used_on) and min(first_used_on) filter (where feature_name = 'audit_log') = max(first_used_on) and bool_and(feature_name <> 'smart_alerts' or first_used_on between date '2024-11-01' and date '2024-12-15')
select
    feature_name,
    lowest_plan,
    first_usage_date as first_used_on,
    feature_age_days,
    adopter_accounts,
    cast(100.0 * account_adoption_rate as decimal(9, 2)) as account_adoption_pct,
    adoption_stage
from entity.entity_features
where
    feature_name in (
        'guided_setup', 'keg_forecast', 'waste_report', 'benchmark', 'smart_alerts', 'accounting_sync', 'custom_report',
        'audit_log'
    )
order by first_usage_date, feature_name
