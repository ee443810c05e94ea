with

entity_customers as (
    select * from {{ ref('entity_customers') }}
    where customer_status in ({{ brewhouse_utils.sql_list(var('accounts_in_service')) }})
),

-- Of a running subscription there is one at a time; should there be more, the largest speaks.
subscriptions as (
    select
        account_id,
        {%- for column in [
            'subscription_id', 'subscription_status', 'payment_behavior', 'subscription_value_tier',
            'days_until_renewal', 'current_period_end',
        ] %}
        {{ brewhouse_utils.last_by(column, ['monthly_recurring_revenue', 'subscription_id']) }}
            as {{ column }},
        {%- endfor %}
        {%- for column in ['payment_health_score', 'expansion_opportunity_score'] %}
        cast({{ brewhouse_utils.last_by(
            column, ['monthly_recurring_revenue', 'subscription_id']
        ) }} as decimal(18, 2)) as {{ column }},
        {%- endfor %}
        cast(sum(estimated_annual_ltv) as decimal(18, 2)) as expected_annual_revenue,
        cast(sum(mrr_at_risk) as decimal(18, 2)) as mrr_at_risk
    from {{ ref('entity_subscriptions') }}
    where canceled_at is null
    group by account_id
),

collected as (
    select
        account_id,
        cast(sum(lifetime_value) as decimal(18, 2)) as collected_revenue
    from {{ ref('entity_subscriptions') }}
    group by account_id
),

fact_accounts__trends as (
    select * from {{ ref('fact_accounts__trends') }}
),

fact_accounts__owners as (
    select * from {{ ref('fact_accounts__owners') }}
)

select
    {{ own_columns('entity_customers', standing_columns()) }},
    {{ brewhouse_utils.surrogate_key('entity_customers.account_id') }} as account_key,
    {{ own_columns('subscriptions', [
        'subscription_id', 'subscription_status', 'payment_health_score', 'payment_behavior',
        'subscription_value_tier', 'expansion_opportunity_score', 'days_until_renewal',
        'current_period_end', 'expected_annual_revenue', 'mrr_at_risk',
    ]) }},
    cast(coalesce(collected.collected_revenue, 0) as decimal(18, 2)) as collected_revenue,
    {{ own_columns('fact_accounts__trends', [
        'monthly_recurring_revenue_30d_ago', 'customer_health_score_30d_ago',
        'churn_risk_score_30d_ago', 'monthly_recurring_revenue_90d_ago',
        'customer_health_score_90d_ago', 'churn_risk_score_90d_ago', 'previous_tier',
        'tier_changed_on', 'status_since', 'health_band_since', 'times_churned',
        'expansion_mrr_12m', 'contraction_mrr_12m', 'times_in_arrears_12m',
    ]) }},
    {{ own_columns('fact_accounts__owners', [
        'won_deals', 'last_won_at', 'owner_id', 'owner_name', 'owner_email',
    ]) }}
from entity_customers
left join subscriptions on entity_customers.account_id = subscriptions.account_id
left join collected on entity_customers.account_id = collected.account_id
inner join fact_accounts__trends
    on entity_customers.account_id = fact_accounts__trends.account_id
left join fact_accounts__owners
    on entity_customers.account_id = fact_accounts__owners.account_id
