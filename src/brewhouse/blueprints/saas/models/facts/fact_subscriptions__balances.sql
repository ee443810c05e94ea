{%- set payment_columns = [
    'paid_usd', 'refunded_usd', 'arrears_change', 'unpaid_attempts_change', 'seconds_to_payment',
    'charges', 'charges_paid', 'invoices_due', 'invoices_paid', 'invoices_lost',
    'recent_failures', 'recent_charges',
] -%}
{%- set so_far = 'over (partition by subscription_id order by changed_at)' -%}

with

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

fact_subscriptions__movements as (
    select * from {{ ref('fact_subscriptions__movements') }}
),

payment_moments as (
    select
        subscription_id,
        happened_at,
        sum(paid_usd) as paid_usd,
        sum(refunded_usd) as refunded_usd,
        sum(arrears_change) as arrears_change,
        sum(unpaid_attempts_change) as unpaid_attempts_change,
        sum(seconds_to_payment) as seconds_to_payment,
        {{ brewhouse_utils.count_if("payment_event = 'paid'") }} as charges_paid,
        {{ brewhouse_utils.count_if("payment_event in ('paid', 'failed')") }} as charges,
        {{ brewhouse_utils.count_if("payment_event in ('paid', 'settled')") }} as invoices_paid,
        {{ brewhouse_utils.count_if("is_first_attempt or payment_event = 'settled'") }}
            as invoices_due,
        {{ brewhouse_utils.count_if("payment_event = 'written_off'") }} as invoices_lost,
        max(recent_failures) as recent_failures,
        max(recent_charges) as recent_charges
    from {{ ref('fact_subscriptions__payments') }}
    group by subscription_id, happened_at
),

-- From the first day to the last, and the day from which on a subscription is no longer new.
moments as (
    {%- for relation, column in [
        ('fact_subscriptions__terms', 'started_at'), ('fact_subscriptions__terms', 'paid_from'),
        ('fact_subscriptions__terms', 'ended_at'), ('fact_subscriptions__movements', 'changed_at'),
        ('payment_moments', 'happened_at'),
    ] %}
    select
        subscription_id,
        {{ column }} as changed_at
    from {{ relation }}
    union
    {%- endfor %}
    select
        subscription_id,
        {{ brewhouse_utils.shift('started_at', var('new_subscription_days'), 'day') }} as changed_at
    from fact_subscriptions__terms
),

changes as (
    select
        moments.subscription_id,
        moments.changed_at,
        fact_subscriptions__movements.mrr_change,
        {%- for column in payment_columns %}
        payment_moments.{{ column }},
        {%- endfor %}
        max(case when payment_moments.invoices_paid > 0 then moments.changed_at end) over (
            partition by moments.subscription_id order by moments.changed_at
        ) as last_payment_at
    from moments
    left join fact_subscriptions__movements
        on
            moments.subscription_id = fact_subscriptions__movements.subscription_id
            and moments.changed_at = fact_subscriptions__movements.changed_at
    left join payment_moments
        on
            moments.subscription_id = payment_moments.subscription_id
            and moments.changed_at = payment_moments.happened_at
    where moments.changed_at <= {{ brewhouse_utils.as_of() }}
)

select
    subscription_id,
    changed_at,
    -- What the last charges came to stands in the row of a charge, and holds until the next.
    recent_failures,
    recent_charges,
    cast(coalesce(sum(mrr_change) {{ so_far }}, 0) as decimal(18, 2)) as mrr,
    {%- for column in ['paid_usd', 'refunded_usd'] %}
    cast(coalesce(sum({{ column }}) {{ so_far }}, 0) as decimal(18, 2)) as {{ column }},
    {%- endfor %}
    {%- for name, column in {
        'invoices_in_arrears': 'arrears_change', 'unpaid_attempts': 'unpaid_attempts_change',
        'seconds_to_payment': 'seconds_to_payment', 'charges': 'charges',
        'charges_paid': 'charges_paid', 'invoices_due': 'invoices_due',
        'invoices_paid': 'invoices_paid', 'invoices_lost': 'invoices_lost',
    }.items() %}
    cast(coalesce(sum({{ column }}) {{ so_far }}, 0) as bigint) as {{ name }},
    {%- endfor %}
    last_payment_at
from changes
