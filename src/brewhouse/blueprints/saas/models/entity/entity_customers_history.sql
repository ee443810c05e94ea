{{ config(
    tags=['refresh_daily'],
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen(
        'valid_from', grain='day', key='account_id', again=ref('fact_locations__returns')
    ) }}",
    post_hook=[
        "{{ brewhouse_utils.close_versions('account_id') }}",
        "{{ brewhouse_utils.update_attributes(ref('stg_app_database__accounts'), 'account_id', {
            'company_name': 'account_name', 'industry': 'industry'
        }) }}",
    ],
    indexes=brewhouse_utils.indexes(['account_id']),
) }}

with

entity_customers_daily as (
    select * from {{ ref('entity_customers_daily') }}
),

versions as (
    {{ brewhouse_utils.history_of(
        'entity_customers_daily',
        key='account_id',
        moment='snapshot_date',
        tracked=[
            'customer_status', 'customer_tier', 'plan_name', 'monthly_recurring_revenue',
            'active_subscriptions', 'health_band', 'churn_risk_band',
        ],
        change_types={
            'status_changed': ['customer_status'],
            'plan_changed': ['plan_name', 'customer_tier'],
            'mrr_changed': ['monthly_recurring_revenue'],
            'subscriptions_changed': ['active_subscriptions'],
            'health_changed': ['health_band'],
            'risk_changed': ['churn_risk_band'],
        },
        carried=[
            'first_subscription_date', 'total_devices', 'device_events_30d', 'active_users_30d',
            'customer_health_score', 'churn_risk_score',
        ],
        previous={
            'previous_health_score': 'customer_health_score',
            'previous_churn_risk_score': 'churn_risk_score',
            'previous_mrr': 'monthly_recurring_revenue',
            'previous_status': 'customer_status',
            'previous_tier': 'customer_tier',
            'previous_plan_name': 'plan_name',
            'previous_active_subscriptions': 'active_subscriptions',
            'previous_active_users_30d': 'active_users_30d',
            'previous_health_band': 'health_band',
            'previous_churn_risk_band': 'churn_risk_band',
        },
        differences={
            'mrr_change_amount': 'monthly_recurring_revenue',
            'health_score_change': 'customer_health_score',
            'subscription_change_count': 'active_subscriptions',
        },
        types={
            'previous_health_score': 'decimal(18, 2)', 'previous_churn_risk_score': 'decimal(18, 2)',
            'previous_mrr': 'decimal(18, 2)',
        },
        continued=true,
        again=ref('fact_locations__returns'),
    ) }}
),

stg_app_database__accounts as (
    select * from {{ ref('stg_app_database__accounts') }}
)

select
    versions.account_id,
    stg_app_database__accounts.account_name as company_name,
    stg_app_database__accounts.industry,
    versions.customer_tier,
    versions.customer_status,
    stg_app_database__accounts.account_created_at as created_at,
    {%- for column in [
        'first_subscription_date', 'monthly_recurring_revenue', 'active_subscriptions', 'total_devices',
        'device_events_30d', 'active_users_30d', 'customer_health_score', 'churn_risk_score', 'valid_from',
        'valid_to', 'change_type',
    ] %}
    versions.{{ column }},
    {%- endfor %}
    cast(versions.mrr_change_amount as decimal(18, 2)) as mrr_change_amount,
    cast(versions.health_score_change as decimal(18, 2)) as health_score_change,
    {%- for column in [
        'subscription_change_count', 'previous_health_score', 'previous_churn_risk_score', 'previous_mrr',
        'previous_status', 'previous_tier', 'previous_active_subscriptions', 'previous_active_users_30d',
        'is_current', 'plan_name', 'previous_plan_name', 'health_band', 'previous_health_band',
        'churn_risk_band', 'previous_churn_risk_band',
    ] %}
    versions.{{ column }},
    {%- endfor %}
    {{ brewhouse_utils.built_at() }} as last_updated_at
from versions
inner join stg_app_database__accounts
    on versions.account_id = stg_app_database__accounts.account_id
