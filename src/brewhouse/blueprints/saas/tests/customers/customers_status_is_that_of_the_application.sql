{#- What dated facts say of today is what the application says. -#}
{{ config(enabled=var('as_of') is none) }}

select
    known.account_id,
    known.account_status,
    customers.customer_status
from {{ ref('stg_app_database__accounts') }} as known
full outer join {{ ref('entity_customers') }} as customers
    on known.account_id = customers.account_id
where known.account_status is distinct from customers.customer_status
