{%- set in_order = 'order by attempted_at, stripe_charge_id' -%}
{%- set recent = 'rows between ' ~ (var('recent_charges') - 1) ~ ' preceding and current row' -%}

with

fact_subscriptions__terms as (
    select * from {{ ref('fact_subscriptions__terms') }}
),

stg_stripe__invoices as (
    select * from {{ ref('stg_stripe__invoices') }}
),

stg_stripe__charges as (
    select * from {{ ref('stg_stripe__charges') }}
    where
        status in ('succeeded', 'failed')
        and stripe_charge_created_at <= {{ brewhouse_utils.as_of() }}
),

attempts as (
    select
        stg_stripe__charges.stripe_charge_id,
        stg_stripe__charges.stripe_invoice_id,
        fact_subscriptions__terms.subscription_id,
        stg_stripe__invoices.invoice_created_at,
        stg_stripe__charges.stripe_charge_created_at as attempted_at,
        stg_stripe__charges.status = 'succeeded' as is_paid,
        stg_stripe__charges.charge_amount_usd,
        case when stg_stripe__charges.status = 'failed' then 1 else 0 end as failures
    from stg_stripe__charges
    inner join stg_stripe__invoices
        on stg_stripe__charges.stripe_invoice_id = stg_stripe__invoices.stripe_invoice_id
    inner join fact_subscriptions__terms
        on
            stg_stripe__invoices.stripe_subscription_id
            = fact_subscriptions__terms.stripe_subscription_id
),

counted as (
    select
        *,
        row_number() over (partition by stripe_invoice_id {{ in_order }}) as attempt_number,
        sum(failures) over (partition by stripe_invoice_id {{ in_order }}) - failures
            as failures_before,
        sum(failures) over (partition by subscription_id {{ in_order }} {{ recent }})
            as recent_failures,
        count(*) over (partition by subscription_id {{ in_order }} {{ recent }}) as recent_charges
    from attempts
)

select
    stripe_charge_id,
    stripe_invoice_id,
    subscription_id,
    attempted_at,
    is_paid,
    charge_amount_usd,
    attempt_number,
    cast(failures_before as bigint) as failures_before,
    cast(recent_failures as bigint) as recent_failures,
    recent_charges,
    {{ brewhouse_utils.seconds_between('invoice_created_at', 'attempted_at') }}
        as seconds_since_invoice
from counted
