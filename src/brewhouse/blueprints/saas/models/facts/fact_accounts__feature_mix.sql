{%- set categories = [
    'core', 'analytics', 'integration', 'operations', 'administration', 'onboarding',
] -%}

with

fact_accounts__features as (
    select * from {{ ref('fact_accounts__features') }}
),

mixes as (
    select
        account_id,
        {{ brewhouse_utils.count_if('is_available') }} as features_available,
        {{ brewhouse_utils.count_if('is_adopted') }} as features_adopted,
        {{ brewhouse_utils.count_if('is_adopted and is_available') }} as available_features_adopted,
        {{ brewhouse_utils.count_if('is_adopted and is_used_30d') }} as features_used_30d,
        {{ brewhouse_utils.count_if('is_used_again_30d') }} as features_used_again_30d,
        {%- for category in categories %}
        {{ brewhouse_utils.count_if("is_adopted and feature_category = '" ~ category ~ "'") }}
            as {{ category }}_features_adopted,
        {%- endfor %}
        {{ brewhouse_utils.count_if(
            "is_adopted and strategic_importance in ('critical', 'high')"
        ) }} as high_value_features_adopted,
        {{ brewhouse_utils.count_if(
            "is_adopted and strategic_importance = 'critical'"
        ) }} as critical_features_adopted,
        {{ brewhouse_utils.count_if('is_adopted and is_gaining_value') }}
            as gaining_features_adopted,
        cast(coalesce(sum(uses_30d), 0) as bigint) as feature_uses_30d,
        max(last_used_on) as last_feature_use_on,
        {%- for name, condition in {
            'available_value': 'is_available', 'adopted_value': 'is_available and is_adopted',
        }.items() %}
        cast(sum(case when {{ condition }} then feature_value_score else 0 end) as decimal(18, 2))
            as {{ name }},
        {%- endfor %}
        {{ brewhouse_utils.first_by(
            'case when is_available and not is_adopted then feature_name end',
            ['-feature_value_score', 'feature_name']
        ) }} as next_feature,
        {{ brewhouse_utils.first_by(
            'case when is_of_next_plan then feature_name end', ['-feature_value_score', 'feature_name']
        ) }} as next_plan_feature
    from fact_accounts__features
    group by account_id
),

next_features as (
    select
        account_id,
        feature_name,
        feature_category,
        feature_value_score,
        new_accounts_last_month
    from fact_accounts__features
)

select
    mixes.*,
    next_features.feature_category as next_feature_category,
    next_features.feature_value_score as next_feature_value_score,
    next_features.new_accounts_last_month as next_feature_new_accounts
from mixes
left join next_features
    on
        mixes.account_id = next_features.account_id
        and mixes.next_feature = next_features.feature_name
