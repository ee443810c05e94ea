with

stg_app_database__subscriptions as (
    select * from {{ ref('stg_app_database__subscriptions') }}
),

stg_stripe__subscriptions as (
    select * from {{ ref('stg_stripe__subscriptions') }}
),

-- The two rows of a subscription carry each other's id; either link is enough.
stripe_terms as (
    select
        stg_stripe__subscriptions.*,
        coalesce(
            stg_app_database__subscriptions.subscription_id,
            stg_stripe__subscriptions.app_subscription_id,
            stg_stripe__subscriptions.stripe_subscription_id
        ) as subscription_id
    from stg_stripe__subscriptions
    left join stg_app_database__subscriptions
        on
            stg_stripe__subscriptions.stripe_subscription_id
            = stg_app_database__subscriptions.stripe_subscription_id
),

item_cycles as (
    select
        stripe_subscription_id,
        max(case billing_interval when 'year' then 'annual' when 'month' then 'monthly' end)
            as billing_cycle
    from {{ ref('stg_stripe__subscription_items') }}
    where item_type = 'base'
    group by stripe_subscription_id
),

-- Billing is believed where both tell: it has moments, the application days.
terms as (
    select
        stripe_terms.stripe_subscription_id,
        app.subscription_id is not null as is_in_app,
        stripe_terms.subscription_id is not null as is_in_stripe,
        app.normalized_mrr as app_mrr,
        stripe_terms.current_period_start,
        stripe_terms.current_period_end,
        coalesce(stripe_terms.subscription_id, app.subscription_id) as subscription_id,
        coalesce(stripe_terms.account_id, app.account_id) as account_id,
        coalesce(stripe_terms.plan_name, app.plan_name) as plan_type,
        coalesce(app.billing_cycle, item_cycles.billing_cycle) as billing_interval,
        coalesce(stripe_terms.subscription_created_at, app.subscription_created_at)
            as subscription_created_at,
        coalesce(stripe_terms.started_at, app.subscription_created_at) as started_at,
        coalesce(stripe_terms.trial_started_at, cast(app.trial_start_date as timestamp))
            as trial_started_at,
        coalesce(stripe_terms.trial_ends_at, cast(app.trial_end_date as timestamp))
            as trial_ends_at,
        case
            when stripe_terms.subscription_id is null then cast(app.end_date as timestamp)
            else stripe_terms.ended_at
        end as ended_at
    from stg_app_database__subscriptions as app
    full outer join stripe_terms on app.subscription_id = stripe_terms.subscription_id
    left join item_cycles
        on stripe_terms.stripe_subscription_id = item_cycles.stripe_subscription_id
),

starts as (
    select distinct
        account_id,
        started_at
    from terms
)

select
    terms.subscription_id,
    terms.stripe_subscription_id,
    terms.account_id,
    terms.plan_type,
    terms.billing_interval,
    case
        when terms.is_in_app and terms.is_in_stripe then 'both'
        when terms.is_in_app then 'app_only'
        else 'stripe_only'
    end as data_source,
    terms.app_mrr,
    terms.subscription_created_at,
    terms.started_at,
    terms.trial_started_at,
    terms.trial_ends_at,
    coalesce(terms.trial_ends_at, terms.started_at) as paid_from,
    case when terms.ended_at <= {{ brewhouse_utils.as_of() }} then terms.ended_at end as ended_at,
    starts.account_id is not null and terms.ended_at <= {{ brewhouse_utils.as_of() }}
        as is_replaced,
    terms.current_period_start,
    terms.current_period_end
from terms
left join starts
    on terms.account_id = starts.account_id and terms.ended_at = starts.started_at
where terms.started_at <= {{ brewhouse_utils.as_of() }}
