{%- set movement_columns = (var('mrr_movements') | join('_mrr,') ~ '_mrr').split(',') -%}
{%- set estate = [
    'total_users', 'total_locations', 'active_locations', 'total_devices', 'down_devices',
    'troubled_devices',
] -%}
{%- set care = [
    'open_tickets', 'tickets_opened_30d', 'tickets_opened_90d', 'failed_payments_30d',
    'failed_payments_90d',
] -%}
{%- set sums = estate + care -%}
{%- set columns = ['term_turns'] + sums -%}

{%- set of_terms = [
    'customer_status', 'churned_on', 'service_since', 'first_subscription_date', 'plan_name',
    'customer_tier', 'billing_cycle', 'active_subscriptions', 'total_subscriptions', 'overdue_invoices',
    'contract_ends_on', 'usage_months', 'mrr', 'highest_mrr', 'mrr_30d_ago', 'mrr_windows_on',
    'mrr_sum_30d', 'mrr_squares_30d', 'max_mrr_30d', 'min_mrr_30d', 'mrr_movement',
] + movement_columns -%}

with

fact_accounts__terms as (
    select
        *,
        row_number() over (partition by account_id order by valid_from) as term_number
    from {{ ref('fact_accounts__terms') }}
),

fact_accounts__estate_changes as (
    select * from {{ ref('fact_accounts__estate_changes') }}
),

fact_accounts__care_changes as (
    select * from {{ ref('fact_accounts__care_changes') }}
),

changes as (
    {{ changes_of(columns, 'fact_accounts__terms', 'valid_from', {'term_turns': 1}) }}
    union all
    {{ changes_of(
        columns, 'fact_accounts__estate_changes', 'changed_on', dict(zip(estate, estate))
    ) }}
    union all
    {{ changes_of(columns, 'fact_accounts__care_changes', 'changed_on', dict(zip(care, care))) }}
),

balances as (
    select
        account_id,
        changed_on as valid_from,
        lead(changed_on) over (partition by account_id order by changed_on) as valid_to,
        {{ running_sums_of(sums, 'changed_on') }}
        cast(sum(sum(term_turns)) over (partition by account_id order by changed_on) as integer)
            as term_number
    from changes
    group by account_id, changed_on
),

estates as (
    select
        balances.*,
        balances.total_devices - balances.troubled_devices as healthy_devices,
        {%- for column in of_terms %}
        terms.{{ column }},
        {%- endfor %}
        terms.valid_from as terms_from,
        least(coalesce(balances.valid_to, terms.valid_to), terms.valid_to) as ends_before
    from balances
    inner join fact_accounts__terms as terms
        on
            balances.account_id = terms.account_id
            and balances.term_number = terms.term_number
)

select
    account_id,
    row_number() over (partition by account_id order by valid_from) as estate_number,
    valid_from,
    ends_before as valid_to,
    terms_from,
    {%- for column in of_terms %}
    {{ column }},
    {%- endfor %}
    healthy_devices,
    {%- for column in sums %}
    {{ column }},
    {%- endfor %}
    {%- for source, points in {
        'payment': churn_points_of_payment('overdue_invoices', 'failed_payments_90d'),
        'contract': churn_points_of_contract('contract_ends_on', 'valid_from'),
        'plan': churn_points_of_plan('plan_name'),
        'tickets': churn_points_of_tickets('tickets_opened_90d'),
        'devices': churn_points_of_share('troubled_devices', 'total_devices', 'device_trouble'),
    }.items() %}
    cast(case when customer_status <> 'churned' then {{ points }} end as decimal(4, 2))
        as churn_points_{{ source }},
    {%- endfor %}
    {{ health_mrr('mrr', 'highest_mrr') }} as health_mrr,
    {{ health_devices('healthy_devices', 'total_devices') }} as health_devices
from estates
where valid_from < ends_before
