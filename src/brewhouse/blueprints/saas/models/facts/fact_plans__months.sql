{%- set last_day = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
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
    {% for relation, users in {
        'fact_accounts__plan_terms': 0, 'fact_users__service_terms': 1
    }.items() -%}
    {% for sign, day in {1: 'valid_from', -1: 'valid_to'}.items() -%}
    select
        plan_name,
        {{ day }} as changed_on,
        {{ sign * (1 - users) }} as accounts,
        {{ sign * users }} as users,
        0 as mrr
    from {{ relation }}
    where {{ day }} is not null
    union all
    {% endfor -%}
    {% endfor -%}
    select
        plan_name,
        changed_on,
        0 as accounts,
        0 as users,
        mrr_change as mrr
    from fact_accounts__plan_mrr_steps
),

month_changes as (
    select
        plan_name,
        {{ brewhouse_utils.month_start('changed_on') }} as month_start_date,
        sum(accounts) as accounts,
        sum(users) as users,
        sum(mrr) as mrr
    from changes
    group by plan_name, {{ brewhouse_utils.month_start('changed_on') }}
),

running_numbers as (
    select
        months.plan_name,
        months.period_start as month_start_date,
        {%- for measure in ['accounts', 'users', 'mrr'] %}
        sum(coalesce(month_changes.{{ measure }}, 0)) over (
            partition by months.plan_name order by months.period_start
            rows between unbounded preceding and current row
        ) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from months
    left join month_changes
        on
            months.plan_name = month_changes.plan_name
            and months.period_start = month_changes.month_start_date
)

select
    plan_name,
    month_start_date,
    least(
        cast({{ brewhouse_utils.shift('month_start_date', 1, 'month') }} as date) - 1, {{ last_day }}
    ) as month_end,
    cast(accounts as bigint) as accounts,
    cast(users as bigint) as users,
    cast(mrr as decimal(18, 2)) as mrr
from running_numbers
