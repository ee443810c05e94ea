{{ config(enabled=var('simulated')) }}

{#- Of each account that ever paid, whether and when it was lost. -#}

with

found as (
    select
        account_id,
        churned_on,
        churn_reason
    from {{ ref('entity_customers') }}
    where first_subscription_date is not null
),

lost as (
    select
        account_id,
        cast(churned_at as date) as churned_on,
        churn_cause
    from {{ source('truth', 'accounts') }}
    where first_paid_at <= {{ brewhouse_utils.as_of() }}
)

select
    found.account_id as found_account_id,
    lost.account_id as true_account_id,
    found.churned_on as found_churned_on,
    lost.churned_on as true_churned_on,
    found.churn_reason as found_reason,
    lost.churn_cause as true_cause
from found
full outer join lost on found.account_id = lost.account_id
where
    found.account_id is null
    or lost.account_id is null
    or found.churned_on is distinct from lost.churned_on
    or lost.churned_on is not null and found.churn_reason <> lost.churn_cause
