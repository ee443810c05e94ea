with

int_subscriptions__core as (
    select * from {{ ref('int_subscriptions__core') }}
),

fact_subscriptions__states as (
    select * from {{ ref('fact_subscriptions__states') }}
),

stg_stripe__invoices as (
    select * from {{ ref('stg_stripe__invoices') }}
    where invoice_created_at <= {{ brewhouse_utils.as_of() }}
),

invoice_counts as (
    select
        stripe_subscription_id,
        count(*) as total_invoices
    from stg_stripe__invoices
    group by stripe_subscription_id
),

numbered_states as (
    select
        *,
        row_number() over (partition by subscription_id order by changed_at desc) as states_ago
    from fact_subscriptions__states
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

measured as (
    select
        int_subscriptions__core.*,
        coalesce(invoice_counts.total_invoices, 0) as total_invoices,
        numbered_states.invoices_paid as paid_invoices,
        numbered_states.invoices_lost as written_off_invoices,
        numbered_states.invoices_in_arrears,
        numbered_states.unpaid_attempts,
        numbered_states.lifetime_value,
        numbered_states.avg_days_to_payment,
        cast(numbered_states.last_payment_at as date) as last_payment_date,
        numbered_states.payment_success_rate,
        numbered_states.recent_payment_rate,
        numbered_states.charge_success_rate,
        {{ brewhouse_utils.date_diff_days('numbered_states.last_payment_at', 'clock.as_of') }}
            as days_since_last_payment,
        numbered_states.payment_health_score,
        numbered_states.churn_risk_score,
        numbered_states.risk_classification,
        numbered_states.payment_behavior
    from int_subscriptions__core
    inner join numbered_states
        on
            int_subscriptions__core.subscription_id = numbered_states.subscription_id
            and numbered_states.states_ago = 1
    left join invoice_counts
        on int_subscriptions__core.stripe_subscription_id = invoice_counts.stripe_subscription_id
    cross join clock
)

select
    *,
    {{ mrr_at_risk('monthly_recurring_revenue', 'risk_classification') }} as mrr_at_risk,
    {{ expected_annual_revenue('monthly_recurring_revenue', 'churn_risk_score') }}
        as estimated_annual_ltv
from measured
