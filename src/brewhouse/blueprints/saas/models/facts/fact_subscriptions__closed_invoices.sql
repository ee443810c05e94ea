with

fact_subscriptions__charges as (
    select * from {{ ref('fact_subscriptions__charges') }}
),

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

stg_stripe__invoices as (
    select * from {{ ref('stg_stripe__invoices') }}
),

attempts_by_invoice as (
    select
        stripe_invoice_id,
        {{ brewhouse_utils.count_if('not is_paid') }} as failures,
        {{ brewhouse_utils.count_if('is_paid') }} as successes
    from fact_subscriptions__charges
    group by stripe_invoice_id
),

-- Given up, called off, or paid in a way that no charge tells of.
closed_without_charge as (
    select
        fact_subscriptions__terms.subscription_id,
        stg_stripe__invoices.stripe_invoice_id,
        stg_stripe__invoices.status,
        stg_stripe__invoices.amount_paid_usd,
        coalesce(attempts_by_invoice.failures, 0) as failures,
        fact_subscriptions__terms.ended_at,
        case stg_stripe__invoices.status
            when 'uncollectible' then stg_stripe__invoices.marked_uncollectible_at
            when 'void' then stg_stripe__invoices.voided_at
            else stg_stripe__invoices.paid_at
        end as closed_at
    from stg_stripe__invoices
    inner join fact_subscriptions__terms
        on
            stg_stripe__invoices.stripe_subscription_id
            = fact_subscriptions__terms.stripe_subscription_id
    left join attempts_by_invoice
        on stg_stripe__invoices.stripe_invoice_id = attempts_by_invoice.stripe_invoice_id
    where
        stg_stripe__invoices.status in ('uncollectible', 'void')
        or stg_stripe__invoices.status = 'paid' and coalesce(attempts_by_invoice.successes, 0) = 0
)

select
    subscription_id,
    stripe_invoice_id,
    status,
    amount_paid_usd,
    failures,
    -- Known to the second: what was given up as the subscription ended, ended with it.
    case when closed_at = date_trunc('second', ended_at) then ended_at else closed_at end
        as closed_at
from closed_without_charge
where closed_at <= {{ brewhouse_utils.as_of() }}
