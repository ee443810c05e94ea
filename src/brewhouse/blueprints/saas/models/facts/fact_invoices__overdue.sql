with

stg_stripe__invoices as (
    select * from {{ ref('stg_stripe__invoices') }}
),

stg_stripe__charges as (
    select * from {{ ref('stg_stripe__charges') }}
    where status = 'failed' and stripe_charge_created_at <= {{ brewhouse_utils.as_of() }}
),

first_failures as (
    select
        stripe_invoice_id,
        min(stripe_charge_created_at) as overdue_from,
        count(*) as failed_charges
    from stg_stripe__charges
    group by stripe_invoice_id
),

-- Paid, written off or voided, whatever came first.
settlements as (
    select
        stg_stripe__invoices.stripe_invoice_id,
        stg_stripe__invoices.account_id,
        stg_stripe__invoices.total_usd,
        first_failures.overdue_from,
        first_failures.failed_charges,
        least(
            coalesce(stg_stripe__invoices.paid_at, timestamp '9999-12-31'),
            coalesce(stg_stripe__invoices.marked_uncollectible_at, timestamp '9999-12-31'),
            coalesce(stg_stripe__invoices.voided_at, timestamp '9999-12-31')
        ) as settled_at
    from stg_stripe__invoices
    inner join first_failures
        on stg_stripe__invoices.stripe_invoice_id = first_failures.stripe_invoice_id
)

select
    stripe_invoice_id,
    account_id,
    overdue_from,
    case when settled_at <= {{ brewhouse_utils.as_of() }} then settled_at end as settled_at,
    failed_charges,
    total_usd as overdue_usd
from settlements
where account_id is not null and overdue_from < settled_at
