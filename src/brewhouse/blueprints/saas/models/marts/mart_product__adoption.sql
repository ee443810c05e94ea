with

fact_accounts__standing as (
    select * from {{ ref('fact_accounts__standing') }}
),

fact_accounts__feature_mix as (
    select * from {{ ref('fact_accounts__feature_mix') }}
),

fact_accounts__users as (
    select * from {{ ref('fact_accounts__users') }}
),

adoption as (
    select
        {{ own_columns('standing', [
            'account_id', 'account_key', 'company_name', 'account_type', 'industry', 'company_size_category',
            'customer_tier', 'plan_name', 'customer_status', 'lifecycle_stage', 'created_at',
            'days_since_creation', 'monthly_recurring_revenue', 'customer_health_score', 'health_band',
            'churn_risk_score', 'churn_risk_band', 'total_users', 'active_users_7d', 'active_users_30d',
            'user_activation_rate_30d', 'sessions_30d', 'expansion_opportunity_score',
        ]) }},
        coalesce(people.admin_users, 0) as admin_users,
        coalesce(people.active_admin_users_30d, 0) as active_admin_users_30d,
        coalesce(people.page_views_30d, 0) as page_views_30d,
        people.avg_engagement_score,
        people.last_activity_at,
        coalesce(people.user_trend, 'none') as user_trend,
        coalesce(people.feature_use_trend, 'none') as feature_use_trend,
        coalesce(people.users_gone_quiet_30d, 0) as users_gone_quiet_30d,
        {{ own_columns('mix', [
            'features_available', 'features_adopted', 'available_features_adopted', 'features_used_30d',
            'features_used_again_30d', 'core_features_adopted', 'analytics_features_adopted',
            'integration_features_adopted', 'operations_features_adopted',
            'administration_features_adopted', 'onboarding_features_adopted',
            'high_value_features_adopted', 'critical_features_adopted', 'gaining_features_adopted',
            'feature_uses_30d', 'last_feature_use_on', 'available_value', 'adopted_value',
            'next_feature', 'next_feature_category', 'next_feature_value_score',
            'next_feature_new_accounts', 'next_plan_feature',
        ]) }},
        {{ brewhouse_utils.ratio('mix.available_features_adopted', 'mix.features_available') }}
            as feature_adoption_rate,
        {{ brewhouse_utils.ratio('mix.features_used_again_30d', 'mix.features_adopted') }}
            as feature_stickiness_rate,
        {{ adoption_score(
            'mix.available_features_adopted', 'mix.features_available',
            'mix.features_used_again_30d', 'mix.adopted_value', 'mix.available_value'
        ) }} as feature_adoption_score
    from fact_accounts__standing as standing
    inner join fact_accounts__feature_mix as mix on standing.account_id = mix.account_id
    left join fact_accounts__users as people on standing.account_id = people.account_id
)

select
    *,
    {{ brewhouse_utils.banded('days_since_creation', var('customer_phase_floors_days')) }}
        as customer_phase,
    {{ brewhouse_utils.banded('feature_adoption_rate', var('adoption_tier_floors')) }}
        as adoption_tier,
    {{ feature_usage_pattern('features_adopted', 'features_used_30d') }} as feature_usage_pattern,
    {{ brewhouse_utils.banded('feature_adoption_score', var('product_fits')) }}
        as product_market_fit,
    {{ brewhouse_utils.banded(
        'coalesce(avg_engagement_score, 0)', var('product_engagement_floors')
    ) }} as user_engagement_level,
    {{ brewhouse_utils.banded(
        'coalesce(expansion_opportunity_score, 0)', var('expansion_opportunities')
    ) }} as expansion_opportunity,
    {{ product_recommendation(
        'features_adopted', 'features_used_30d', 'next_feature', 'next_plan_feature'
    ) }} as product_recommendation,
    {{ brewhouse_utils.built_at() }} as adoption_analyzed_at
from adoption
