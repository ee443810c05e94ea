{{ config(enabled=var('simulated')) }}
{#- What Stripe says of one payment three times is the same: of each invoice there is one payment
    intent, over its total; it received what the invoice was paid, and what its charges brought.
    An open invoice has none before the first try. -#}

with

stg_stripe__invoices as (
    select * from {{ ref('stg_stripe__invoices') }}
),

stg_stripe__payment_intents as (
    select * from {{ ref('stg_stripe__payment_intents') }}
),

stg_stripe__charges as (
    select * from {{ ref('stg_stripe__charges') }}
),

charged as (
    select
        stripe_payment_intent_id,
        count(*) as attempts,
        sum(case when paid then charge_amount_usd else 0 end) as charged_usd
    from stg_stripe__charges
    group by stripe_payment_intent_id
),

intents as (
    select
        stg_stripe__payment_intents.stripe_invoice_id,
        count(*) as intents,
        sum(stg_stripe__payment_intents.payment_amount_usd) as payment_amount_usd,
        sum(stg_stripe__payment_intents.received_amount_usd) as received_amount_usd,
        sum(stg_stripe__payment_intents.charge_count) as charge_count,
        coalesce(sum(charged.attempts), 0) as attempts,
        coalesce(sum(charged.charged_usd), 0) as charged_usd
    from stg_stripe__payment_intents
    left join charged
        on stg_stripe__payment_intents.stripe_payment_intent_id = charged.stripe_payment_intent_id
    group by stg_stripe__payment_intents.stripe_invoice_id
)

select
    coalesce(stg_stripe__invoices.stripe_invoice_id, intents.stripe_invoice_id)
        as stripe_invoice_id,
    stg_stripe__invoices.total_usd,
    stg_stripe__invoices.amount_paid_usd,
    intents.intents,
    intents.received_amount_usd,
    intents.charged_usd
from stg_stripe__invoices
full outer join intents on stg_stripe__invoices.stripe_invoice_id = intents.stripe_invoice_id
where
    case
        when intents.intents is null then stg_stripe__invoices.status <> 'open'
        else
            intents.intents <> 1
            or stg_stripe__invoices.total_usd is distinct from intents.payment_amount_usd
            or stg_stripe__invoices.amount_paid_usd is distinct from intents.received_amount_usd
            or intents.received_amount_usd is distinct from intents.charged_usd
            or intents.charge_count is distinct from intents.attempts
    end
