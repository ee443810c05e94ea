with

stg_app_database__subscriptions as (
    select * from {{ ref('stg_app_database__subscriptions') }}
),

stg_stripe__subscriptions as (
    select * from {{ ref('stg_stripe__subscriptions') }}
),

last_status as (
    select
        account_id,
        {{ brewhouse_utils.last_by('subscription_id', ['changed_at']) }} as subscription_id
    from {{ ref('fact_accounts__status') }}
    group by account_id
),

trials as (
    select
        account_id,
        min(trial_start_date) as trial_start_date,
        min(trial_end_date) as trial_end_date
    from stg_app_database__subscriptions
    group by account_id
)

select
    last_status.account_id,
    last_status.subscription_id,
    subscriptions.subscription_status,
    subscriptions.end_reason,
    stripe.started_at,
    stripe.current_period_start,
    stripe.current_period_end,
    trials.trial_start_date,
    trials.trial_end_date
from last_status
inner join trials
    on last_status.account_id = trials.account_id
inner join stg_app_database__subscriptions as subscriptions
    on last_status.subscription_id = subscriptions.subscription_id
left join stg_stripe__subscriptions as stripe
    on subscriptions.stripe_subscription_id = stripe.stripe_subscription_id
