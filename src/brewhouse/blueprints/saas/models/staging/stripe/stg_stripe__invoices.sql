{%- set grace_days = var('payment_grace_days') -%}
{%- set high_risk = var('high_collection_risk') -%}

with

base_stripe__invoices as (
    select * from {{ ref('base_stripe__invoices') }}
),

dated_invoices as (
    select
        *,
        {{ brewhouse_utils.date_diff_days(
            'coalesce(due_date, finalized_at, invoice_created_at)',
            "case when status = 'paid' then paid_at else " ~ brewhouse_utils.as_of() ~ ' end'
        ) }} as days_after_due
    from base_stripe__invoices
    where data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids, status, amounts
        stripe_invoice_id,
        {{ brewhouse_utils.surrogate_key('stripe_invoice_id') }} as stripe_invoice_key,
        stripe_customer_id,
        stripe_subscription_id,
        stripe_charge_id,
        stripe_payment_intent_id,
        invoice_number,
        status,
        amount_due_usd,
        amount_paid_usd,
        amount_remaining_usd,
        subtotal_usd,
        total_usd,

        -- how, from whom and for when
        billing_reason,
        collection_method,
        currency,
        attempt_count,
        customer_email,
        customer_name,
        customer_phone,
        paid,
        attempted,
        billing_period_start,
        billing_period_end,
        {{ brewhouse_utils.date_diff_days('billing_period_start', 'billing_period_end') }}
            as billing_period_days,
        invoice_created_at,
        due_date,

        -- classes
        {{ brewhouse_utils.mapped('status', var('stripe_invoice_groups'), 'other') }}
            as invoice_status_category,
        case
            when status = 'paid' and days_after_due > {{ grace_days }} then 'paid_late'
            when status = 'paid' then 'paid_on_time'
            when status in ('uncollectible', 'void') then 'never_paid'
            when status = 'open' and days_after_due > {{ grace_days }} then 'overdue'
            else 'not_due'
        end as payment_timeline,
        case when status = 'open' then -days_after_due end as days_until_due,
        case
            when status = 'uncollectible' then 'lost'
            when status <> 'open' then 'none'
            when days_after_due > {{ high_risk.days_after_due }} then 'high'
            when attempt_count >= {{ high_risk.attempts }} then 'high'
            when days_after_due > {{ grace_days }} or attempt_count > 1 then 'medium'
            else 'low'
        end as collection_risk,
        {{ brewhouse_utils.banded('total_usd', var('stripe_amount_floors_usd')) }}
            as invoice_size_category,
        livemode,
        auto_advance,
        data_quality_flag,
        metadata,
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,

        -- beyond the published columns
        account_id,
        invoice_lines,
        lines_usd,
        tax_usd,
        cast(subtotal_usd + coalesce(tax_usd, 0) - total_usd as decimal(18, 2)) as discount_usd,
        discount_percent,
        fixed_discount_usd,
        finalized_at,
        paid_at,
        marked_uncollectible_at,
        voided_at,
        synced_at,
        _source_file,
        _source_row
    from dated_invoices
)

select * from categorised
