with

fact_subscriptions__balances as (
    select * from {{ ref('fact_subscriptions__balances') }}
),

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

states as (
    select
        fact_subscriptions__balances.subscription_id,
        fact_subscriptions__balances.changed_at,
        fact_subscriptions__balances.last_payment_at,
        fact_subscriptions__balances.mrr,
        fact_subscriptions__balances.invoices_in_arrears,
        fact_subscriptions__balances.unpaid_attempts,
        fact_subscriptions__balances.seconds_to_payment,
        fact_subscriptions__balances.charges,
        fact_subscriptions__balances.charges_paid,
        fact_subscriptions__balances.invoices_due,
        fact_subscriptions__balances.invoices_paid,
        fact_subscriptions__balances.invoices_lost,
        fact_subscriptions__terms.is_replaced,
        cast(
            fact_subscriptions__balances.paid_usd - fact_subscriptions__balances.refunded_usd
            as decimal(18, 2)
        ) as lifetime_value,
        case
            when
                fact_subscriptions__balances.changed_at >= fact_subscriptions__terms.ended_at
                then 'ended'
            when
                fact_subscriptions__balances.changed_at < fact_subscriptions__terms.paid_from
                then 'trial'
            when fact_subscriptions__balances.invoices_in_arrears > 0 then 'past_due'
            else 'active'
        end as subscription_status,
        -- Within the rows since the same charge, only that charge's own row has a value.
        {%- for column in ['recent_failures', 'recent_charges'] %}
        max(fact_subscriptions__balances.{{ column }}) over (
            partition by
                fact_subscriptions__balances.subscription_id,
                fact_subscriptions__balances.charges
        ) as {{ column }},
        {%- endfor %}
        fact_subscriptions__balances.changed_at >= {{ brewhouse_utils.shift(
            'fact_subscriptions__terms.started_at', var('new_subscription_days'), 'day'
        ) }} as is_established
    from fact_subscriptions__balances
    inner join fact_subscriptions__terms
        on fact_subscriptions__balances.subscription_id = fact_subscriptions__terms.subscription_id
),

scores as (
    select
        *,
        case subscription_status
            when 'ended' then 'ended'
            when 'trial' then 'trial'
            when 'past_due' then 'at_risk'
            else case when is_established then 'established' else 'new' end
        end as lifecycle_stage,
        case when subscription_status = 'active' then mrr else cast(0 as decimal(18, 2)) end
            as recognized_mrr,
        {{ payment_behavior('charges', 'charges_paid', 'invoices_in_arrears', 'invoices_lost') }}
            as payment_behavior,
        {{ brewhouse_utils.banded('mrr', var('subscription_value_floors')) }}
            as subscription_value_tier,
        {{ payment_health_score(
            'recent_failures', 'recent_charges', 'invoices_in_arrears', 'invoices_lost',
            'seconds_to_payment', 'invoices_paid'
        ) }} as payment_health_score,
        {{ subscription_risk_score(
            'subscription_status', 'is_replaced', 'recent_failures', 'recent_charges',
            'invoices_in_arrears', 'unpaid_attempts'
        ) }} as churn_risk_score
    from states
)

select
    *,
    {{ brewhouse_utils.ratio('invoices_paid', 'invoices_due') }} as payment_success_rate,
    {{ brewhouse_utils.ratio('recent_charges - recent_failures', 'recent_charges') }}
        as recent_payment_rate,
    {{ brewhouse_utils.ratio('charges_paid', 'charges') }} as charge_success_rate,
    {{ brewhouse_utils.ratio('seconds_to_payment', 'invoices_paid * 86400', 2) }}
        as avg_days_to_payment,
    {{ brewhouse_utils.banded('payment_health_score', var('payment_health_floors')) }}
        as subscription_health_status,
    {{ brewhouse_utils.banded('churn_risk_score', var('subscription_risk_floors')) }}
        as risk_classification
from scores
