{%- set columns = [
    'open_tickets', 'tickets_opened_30d', 'tickets_opened_90d', 'failed_payments_30d',
    'failed_payments_90d',
] -%}
{%- set as_of = brewhouse_utils.as_of() -%}

with

tickets as (
    select
        stg_app_database__accounts.account_id,
        stg_hubspot__tickets.created_at,
        stg_hubspot__tickets.closed_at
    from {{ ref('stg_hubspot__tickets') }} as stg_hubspot__tickets
    inner join {{ ref('stg_app_database__accounts') }} as stg_app_database__accounts
        on stg_hubspot__tickets.hubspot_company_id = stg_app_database__accounts.hubspot_company_id
    where stg_hubspot__tickets.created_at <= {{ as_of }}
),

charges as (
    select * from {{ ref('stg_stripe__charges') }}
    where
        status = 'failed' and account_id is not null
        and stripe_charge_created_at <= {{ as_of }}
),

changes as (
    {{ changes_of(columns, 'tickets', 'created_at', {
        'open_tickets': 1, 'tickets_opened_30d': 1, 'tickets_opened_90d': 1,
    }) }}
    union all
    {{ changes_of(columns, 'charges', 'stripe_charge_created_at', {
        'failed_payments_30d': 1, 'failed_payments_90d': 1,
    }) }}
    {%- for days in [30, 90] %}
    union all
    {{ changes_of(columns, 'tickets', brewhouse_utils.shift('created_at', days, 'days'), {
        'tickets_opened_' ~ days ~ 'd': -1,
    }) }}
    union all
    {%- set day_out = brewhouse_utils.shift('stripe_charge_created_at', days, 'days') %}
    {{ changes_of(columns, 'charges', day_out, {'failed_payments_' ~ days ~ 'd': -1}) }}
    {%- endfor %}
    union all
    {{ changes_of(columns, 'tickets', 'closed_at', {'open_tickets': -1}) }}
    where closed_at <= {{ as_of }}
)

select
    account_id,
    {{ sums_of(columns) }}
    changed_on
from changes
where changed_on <= cast({{ as_of }} as date)
group by account_id, changed_on
