with

fact_subscriptions__charges as (
    select * from {{ ref('fact_subscriptions__charges') }}
),

fact_subscriptions__closed_invoices as (
    select * from {{ ref('fact_subscriptions__closed_invoices') }}
),

stg_stripe__events as (
    select * from {{ ref('stg_stripe__events') }}
    where event_type = 'charge.refunded' and event_created_at <= {{ brewhouse_utils.as_of() }}
),

-- A refund event holds all that was given back of the charge so far.
refunds as (
    select
        related_object_id as stripe_charge_id,
        event_created_at as refunded_at,
        stripe_event_id,
        object_amount_usd - coalesce(lag(object_amount_usd) over (
            partition by related_object_id order by event_created_at, stripe_event_id
        ), 0) as refunded_usd
    from stg_stripe__events
)

select
    subscription_id,
    attempted_at as happened_at,
    case when is_paid then 'paid' else 'failed' end as payment_event,
    stripe_charge_id as source_id,
    case when is_paid then charge_amount_usd else cast(0 as decimal(18, 2)) end as paid_usd,
    cast(0 as decimal(18, 2)) as refunded_usd,
    case
        when is_paid and failures_before > 0 then -1
        when not is_paid and failures_before = 0 then 1
        else 0
    end as arrears_change,
    case when is_paid then -failures_before else 1 end as unpaid_attempts_change,
    case when is_paid then seconds_since_invoice end as seconds_to_payment,
    attempt_number = 1 as is_first_attempt,
    recent_failures,
    recent_charges
from fact_subscriptions__charges
union all
select
    subscription_id,
    closed_at as happened_at,
    case status when 'uncollectible' then 'written_off' when 'void' then 'voided' else 'settled' end
        as payment_event,
    stripe_invoice_id as source_id,
    case when status = 'paid' then amount_paid_usd else cast(0 as decimal(18, 2)) end as paid_usd,
    cast(0 as decimal(18, 2)) as refunded_usd,
    case when failures > 0 then -1 else 0 end as arrears_change,
    -failures as unpaid_attempts_change,
    null as seconds_to_payment,
    false as is_first_attempt,
    null as recent_failures,
    null as recent_charges
from fact_subscriptions__closed_invoices
union all
select
    fact_subscriptions__charges.subscription_id,
    refunds.refunded_at as happened_at,
    'refunded' as payment_event,
    refunds.stripe_event_id as source_id,
    cast(0 as decimal(18, 2)) as paid_usd,
    cast(refunds.refunded_usd as decimal(18, 2)) as refunded_usd,
    0 as arrears_change,
    0 as unpaid_attempts_change,
    null as seconds_to_payment,
    false as is_first_attempt,
    null as recent_failures,
    null as recent_charges
from refunds
inner join fact_subscriptions__charges
    on refunds.stripe_charge_id = fact_subscriptions__charges.stripe_charge_id
