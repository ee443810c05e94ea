{#- What dated facts say of today is what the application says. -#}
{{ config(enabled=var('as_of') is none) }}

select
    accounts.account_id,
    accounts.account_status,
    customers.customer_status
from {{ ref('stg_app_database__accounts') }} as accounts
full outer join {{ ref('entity_customers') }} as customers
    on accounts.account_id = customers.account_id
where accounts.account_status is distinct from customers.customer_status
