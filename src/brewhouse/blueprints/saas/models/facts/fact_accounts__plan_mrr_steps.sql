{{ config(materialized='view') }}

with

fact_subscriptions__mrr as (
    select * from {{ ref('fact_subscriptions__mrr') }}
),

steps as (
    select
        stripe_subscription_id,
        account_id,
        plan_name,
        cast(changed_at as date) as changed_on,
        cast(mrr - coalesce(lag(mrr) over (
            partition by stripe_subscription_id order by changed_at
        ), 0) as decimal(18, 2)) as mrr_change
    from fact_subscriptions__mrr
)

select
    stripe_subscription_id,
    account_id,
    plan_name,
    changed_on,
    mrr_change
from steps
