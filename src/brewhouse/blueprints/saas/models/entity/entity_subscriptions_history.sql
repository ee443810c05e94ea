{{ config(
    tags=['refresh_daily'],
    indexes=brewhouse_utils.indexes(['subscription_id']),
) }}

with

fact_subscriptions__states as (
    select * from {{ ref('fact_subscriptions__states') }}
),

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

versions as (
    {{ brewhouse_utils.history_of(
        states='fact_subscriptions__states', key='subscription_id', moment='changed_at',
        tracked=[
            'subscription_status', 'lifecycle_stage', 'mrr', 'recognized_mrr',
            'subscription_value_tier', 'payment_behavior', 'subscription_health_status',
            'risk_classification',
        ],
        change_types={
            'status_changed': ['subscription_status'], 'revenue_changed': ['mrr'],
            'payment_changed':
                ['payment_behavior', 'subscription_health_status', 'risk_classification'],
            'stage_changed': ['lifecycle_stage'],
        },
        carried=[
            'lifetime_value', 'payment_health_score', 'churn_risk_score', 'payment_success_rate',
            'recent_payment_rate', 'charge_success_rate', 'last_payment_at',
        ],
        previous={
            'previous_status': 'subscription_status', 'previous_mrr': 'mrr',
            'previous_payment_health_score': 'payment_health_score',
            'previous_churn_risk_score': 'churn_risk_score',
            'previous_health_status': 'subscription_health_status',
            'previous_risk_classification': 'risk_classification',
            'previous_value_tier': 'subscription_value_tier',
        },
        differences={'mrr_change_amount': 'mrr'},
        types={
            'previous_mrr': 'decimal(18, 2)', 'previous_payment_health_score': 'decimal(18, 2)',
            'previous_churn_risk_score': 'decimal(18, 2)', 'mrr_change_amount': 'decimal(18, 2)',
        },
    ) }}
),

numbered_versions as (
    select
        *,
        row_number() over (partition by subscription_id order by valid_from) as version_number
    from versions
)

select
    {{ brewhouse_utils.surrogate_key([
        'numbered_versions.subscription_id', 'version_number'
    ]) }}
        as subscription_history_id,
    numbered_versions.subscription_id,
    {{ brewhouse_utils.surrogate_key('numbered_versions.subscription_id') }} as subscription_key,
    fact_subscriptions__terms.account_id,
    fact_subscriptions__terms.plan_type,
    fact_subscriptions__terms.billing_interval,
    numbered_versions.change_type,
    numbered_versions.subscription_status,
    numbered_versions.previous_status,
    numbered_versions.lifecycle_stage,
    numbered_versions.mrr as monthly_recurring_revenue,
    numbered_versions.previous_mrr,
    numbered_versions.mrr_change_amount,
    cast(numbered_versions.mrr * 12 as decimal(18, 2)) as annual_recurring_revenue,
    numbered_versions.recognized_mrr,
    numbered_versions.lifetime_value,
    {{ expected_annual_revenue('numbered_versions.mrr', 'numbered_versions.churn_risk_score') }}
        as estimated_annual_ltv,
    {{ mrr_at_risk('numbered_versions.mrr', 'numbered_versions.risk_classification') }}
        as mrr_at_risk,
    {%- for column in [
        'payment_health_score', 'previous_payment_health_score', 'churn_risk_score',
        'previous_churn_risk_score', 'subscription_health_status', 'previous_health_status',
        'risk_classification', 'previous_risk_classification', 'payment_success_rate',
        'recent_payment_rate', 'charge_success_rate', 'payment_behavior',
        'subscription_value_tier', 'previous_value_tier',
    ] %}
    numbered_versions.{{ column }},
    {%- endfor %}
    {{ brewhouse_utils.date_diff_days(
        'fact_subscriptions__terms.started_at', 'numbered_versions.valid_from'
    ) }} as subscription_age_days,
    numbered_versions.subscription_status = 'trial' as is_in_trial,
    numbered_versions.subscription_status = 'ended' and not fact_subscriptions__terms.is_replaced
        as has_churned,
    fact_subscriptions__terms.subscription_created_at,
    fact_subscriptions__terms.started_at as subscription_started_at,
    cast(fact_subscriptions__terms.trial_started_at as date) as trial_start_date,
    cast(fact_subscriptions__terms.trial_ends_at as date) as trial_end_date,
    cast(numbered_versions.last_payment_at as date) as last_payment_date,
    numbered_versions.valid_from,
    numbered_versions.valid_to,
    numbered_versions.is_current,
    {{ brewhouse_utils.built_at() }} as _entity_updated_at
from numbered_versions
inner join fact_subscriptions__terms
    on numbered_versions.subscription_id = fact_subscriptions__terms.subscription_id
