{%- set counts = ['trials', 'subscriptions', 'new_terms', 'overdue'] -%}
{%- set at = ['changed_at', 'timestamp'] -%}
with

stg_app_database__subscriptions as (
    select * from {{ ref('stg_app_database__subscriptions') }}
),

stg_stripe__subscriptions as (
    select * from {{ ref('stg_stripe__subscriptions') }}
),

fact_invoices__overdue as (
    select * from {{ ref('fact_invoices__overdue') }}
),

-- The application knows days, Stripe the moments.
terms as (
    select
        app.account_id,
        app.subscription_id,
        app.plan_name,
        app.plan_tier,
        app.billing_cycle,
        coalesce(stripe.started_at, cast(app.start_date as timestamp)) as started_at,
        coalesce(
            stripe.trial_ends_at, cast(app.trial_end_date as timestamp),
            stripe.started_at, cast(app.start_date as timestamp)
        ) as paid_from,
        coalesce(stripe.ended_at, cast(app.end_date as timestamp)) as ended_at
    from stg_app_database__subscriptions as app
    left join stg_stripe__subscriptions as stripe
        on app.stripe_subscription_id = stripe.stripe_subscription_id
),

numbered_terms as (
    select
        *,
        paid_from > started_at as has_trial,
        ended_at is null or ended_at > paid_from as is_paid,
        row_number() over (
            partition by account_id order by started_at, subscription_id
        ) as term_number
    from terms
    where started_at <= {{ brewhouse_utils.as_of() }}
),

steps as (
    {{ changes_of(counts, 'numbered_terms', 'started_at', {
        'trials': 'case when has_trial then 1 else 0 end',
        'subscriptions': 'case when has_trial then 0 else 1 end',
        'new_terms': 1,
    }, *at) }}
    union all
    {{ changes_of(counts, 'numbered_terms', 'paid_from', {'trials': -1, 'subscriptions': 1}, *at) }}
    where has_trial and is_paid
    union all
    {{ changes_of(counts, 'numbered_terms', 'ended_at', {
        'trials': 'case when is_paid then 0 else -1 end',
        'subscriptions': 'case when is_paid then -1 else 0 end',
    }, *at) }}
    where ended_at is not null
    union all
    {{ changes_of(counts, 'fact_invoices__overdue', 'overdue_from', {'overdue': 1}, *at) }}
    union all
    {{ changes_of(counts, 'fact_invoices__overdue', 'settled_at', {'overdue': -1}, *at) }}
    where settled_at is not null
),

-- A change of plan ends one term and begins another at the same moment: one step.
balances as (
    select
        account_id,
        {{ running_sums_of(counts, 'changed_at') }}
        changed_at
    from steps
    where changed_at <= {{ brewhouse_utils.as_of() }}
    group by account_id, changed_at
)

select
    balances.account_id,
    balances.changed_at,
    cast(balances.changed_at as date) as changed_on,
    {{ customer_status('balances.trials', 'balances.subscriptions', 'balances.overdue') }}
        as customer_status,
    numbered_terms.subscription_id,
    numbered_terms.plan_name,
    numbered_terms.plan_tier as customer_tier,
    numbered_terms.billing_cycle,
    cast(case when balances.subscriptions > 0 then numbered_terms.paid_from end as date)
        as paid_from,
    cast(balances.subscriptions as bigint) as active_subscriptions,
    cast(balances.new_terms as bigint) as total_subscriptions,
    cast(balances.overdue as bigint) as overdue_invoices
from balances
inner join numbered_terms
    on
        balances.account_id = numbered_terms.account_id
        and balances.new_terms = numbered_terms.term_number
