with

stg_stripe__subscriptions as (
    select * from {{ ref('stg_stripe__subscriptions') }}
),

stg_stripe__subscription_items as (
    select * from {{ ref('stg_stripe__subscription_items') }}
),

stg_stripe__events as (
    select * from {{ ref('stg_stripe__events') }}
    where event_category = 'subscription' and object_amount_usd is not null
),

item_amounts as (
    select
        stripe_subscription_id,
        sum(monthly_recurring_revenue) as monthly_usd
    from stg_stripe__subscription_items
    group by stripe_subscription_id
),

paid_terms as (
    select
        stg_stripe__subscriptions.stripe_subscription_id,
        stg_stripe__subscriptions.app_subscription_id as subscription_id,
        stg_stripe__subscriptions.account_id,
        stg_stripe__subscriptions.plan_name,
        stg_stripe__subscriptions.ended_at,
        coalesce(
            stg_stripe__subscriptions.trial_ends_at,
            stg_stripe__subscriptions.started_at
        ) as paid_from,
        item_amounts.monthly_usd
        * (100 - coalesce(stg_stripe__subscriptions.discount_percent, 0)) * 0.01 as monthly_usd
    from stg_stripe__subscriptions
    left join item_amounts
        on stg_stripe__subscriptions.stripe_subscription_id = item_amounts.stripe_subscription_id
    where
        not stg_stripe__subscriptions.is_in_trial
        and (
            stg_stripe__subscriptions.ended_at is null
            or stg_stripe__subscriptions.ended_at > coalesce(
                stg_stripe__subscriptions.trial_ends_at,
                stg_stripe__subscriptions.started_at
            )
        )
),

-- What was agreed before the first paid day counts from that day on.
recorded_amounts as (
    select
        paid_terms.stripe_subscription_id,
        greatest(stg_stripe__events.event_created_at, paid_terms.paid_from) as changed_at,
        {{ brewhouse_utils.last_by(
            'stg_stripe__events.object_amount_usd',
            ['stg_stripe__events.event_created_at', 'stg_stripe__events.stripe_event_id']
        ) }} as monthly_usd
    from paid_terms
    inner join stg_stripe__events
        on paid_terms.stripe_subscription_id = stg_stripe__events.related_object_id
    where
        stg_stripe__events.event_action in ('created', 'updated')
        and (
            paid_terms.ended_at is null
            or stg_stripe__events.event_created_at < paid_terms.ended_at
        )
    group by
        paid_terms.stripe_subscription_id,
        greatest(stg_stripe__events.event_created_at, paid_terms.paid_from)
),

amounts as (
    select
        stripe_subscription_id,
        changed_at,
        monthly_usd
    from recorded_amounts
    union all
    -- Of a subscription of which no event tells, what its items cost now is all that is known.
    select
        paid_terms.stripe_subscription_id,
        paid_terms.paid_from as changed_at,
        paid_terms.monthly_usd
    from paid_terms
    left join recorded_amounts
        on paid_terms.stripe_subscription_id = recorded_amounts.stripe_subscription_id
    where recorded_amounts.stripe_subscription_id is null
    union all
    select
        stripe_subscription_id,
        ended_at as changed_at,
        0 as monthly_usd
    from paid_terms
    where ended_at is not null
)

select
    paid_terms.stripe_subscription_id,
    paid_terms.subscription_id,
    paid_terms.account_id,
    paid_terms.plan_name,
    amounts.changed_at,
    cast(amounts.monthly_usd as decimal(18, 2)) as mrr
from amounts
inner join paid_terms
    on amounts.stripe_subscription_id = paid_terms.stripe_subscription_id
where amounts.changed_at <= {{ brewhouse_utils.as_of() }}
