{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
{%- set running = 'over (partition by months.plan_name order by months.period_start'
    ~ ' rows between unbounded preceding and current row)' -%}
with

fact_accounts__plan_terms as (
    select * from {{ ref('fact_accounts__plan_terms') }}
),

fact_users__service_terms as (
    select * from {{ ref('fact_users__service_terms') }}
),

fact_accounts__plan_mrr_steps as (
    select * from {{ ref('fact_accounts__plan_mrr_steps') }}
),

lives as (
    select
        plan_name,
        min(valid_from) as first_day,
        {{ last_day }} as last_day
    from fact_accounts__plan_terms
    group by plan_name
),

months as (
    {{ brewhouse_utils.periods('lives', 'plan_name', 'first_day', 'last_day', 'month') }}
),

changes as (
    {% for relation, is_user in {
        'fact_accounts__plan_terms': 0, 'fact_users__service_terms': 1
    }.items() -%}
    {% for sign, day in {1: 'valid_from', -1: 'valid_to'}.items() -%}
    select
        plan_name,
        {{ day }} as changed_on,
        {{ sign * (1 - is_user) }} as account_count,
        {{ sign * is_user }} as user_count,
        0 as mrr
    from {{ relation }}
    where {{ day }} is not null
    union all
    {% endfor -%}
    {% endfor -%}
    select
        plan_name,
        changed_on,
        0 as account_count,
        0 as user_count,
        mrr_change as mrr
    from fact_accounts__plan_mrr_steps
),

month_changes as (
    select
        plan_name,
        {{ brewhouse_utils.month_start('changed_on') }} as month_start_date,
        sum(account_count) as account_count,
        sum(user_count) as user_count,
        sum(mrr) as mrr
    from changes
    group by plan_name, {{ brewhouse_utils.month_start('changed_on') }}
),

running_numbers as (
    select
        months.plan_name,
        months.period_start as month_start_date,
        {%- for measure in ['account_count', 'user_count', 'mrr'] %}
        sum(coalesce(month_changes.{{ measure }}, 0)) {{ running }} as {{ measure }},
        {%- endfor %}
        least(
            cast({{ brewhouse_utils.shift('months.period_start', 1, 'month') }} as date) - 1,
            {{ last_day }}
        ) as month_end
    from months
    left join month_changes
        on
            months.plan_name = month_changes.plan_name
            and months.period_start = month_changes.month_start_date
)

select
    plan_name,
    month_start_date,
    month_end,
    cast(account_count as bigint) as account_count,
    cast(user_count as bigint) as user_count,
    cast(mrr as decimal(18, 2)) as mrr
from running_numbers
