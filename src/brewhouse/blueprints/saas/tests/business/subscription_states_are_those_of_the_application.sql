{#- The state that dated facts lead to is the one that the application's own row has today. -#}

with

entity_subscriptions as (
    select * from {{ ref('entity_subscriptions') }}
),

stg_app_database__subscriptions as (
    select * from {{ ref('stg_app_database__subscriptions') }}
)

select
    coalesce(
        entity_subscriptions.subscription_id, stg_app_database__subscriptions.subscription_id
    ) as subscription_id,
    entity_subscriptions.subscription_status as found,
    stg_app_database__subscriptions.subscription_status as expected
from entity_subscriptions
full outer join stg_app_database__subscriptions
    on entity_subscriptions.subscription_id = stg_app_database__subscriptions.subscription_id
where
    entity_subscriptions.subscription_status
    is distinct from case stg_app_database__subscriptions.subscription_status
        when 'trialing' then 'trial'
        when 'canceled' then 'ended'
        else stg_app_database__subscriptions.subscription_status
    end
