{%- set running = 'over (partition by months.feature_name order by months.month_start_date'
    ~ ' rows between unbounded preceding and current row)' -%}
{%- set of_accounts = [
    'users_in_month', 'events_in_month', 'uses_in_month', 'events_30d', 'uses_30d', 'users_30d',
    'events_30d_before',
] -%}
with

usage_days as (
    select
        feature_name,
        usage_date,
        usage_month
    from {{ ref('stg_app_database__feature_usage') }}
    where
        feature_name is not null
        and usage_timestamp <= {{ brewhouse_utils.as_of() }}
    group by feature_name, usage_date, usage_month
),

newcomers as (
    select
        feature_name,
        {{ brewhouse_utils.month_start('first_used_on') }} as month_start_date,
        count(*) as new_users,
        {{ brewhouse_utils.count_if('is_first_of_account') }} as new_accounts
    from {{ ref('fact_features__adoptions') }}
    group by feature_name, {{ brewhouse_utils.month_start('first_used_on') }}
),

month_days as (
    select
        feature_name,
        usage_month as month_start_date,
        count(*) as active_days,
        min(usage_date) as first_used_on,
        max(usage_date) as last_used_on
    from usage_days
    group by feature_name, usage_month
),

months as (
    select
        feature_name,
        month_start_date,
        month_end
    from {{ ref('fact_features__plan_months') }}
    group by feature_name, month_start_date, month_end
),

recent_days as (
    select
        months.feature_name,
        months.month_start_date,
        count(*) as active_days_30d
    from months
    inner join usage_days
        on
            months.feature_name = usage_days.feature_name
            and months.month_end - 30 < usage_days.usage_date
            and months.month_end >= usage_days.usage_date
    group by months.feature_name, months.month_start_date
),

uses as (
    select
        feature_name,
        month_start_date,
        {%- for column in of_accounts %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        {{ brewhouse_utils.count_if('events_in_month > 0') }} as accounts_in_month
    from {{ ref('fact_features__account_months') }}
    group by feature_name, month_start_date
)

select
    months.feature_name,
    months.month_start_date,
    months.month_end,
    {%- for column in ['accounts_in_month'] + of_accounts %}
    cast(coalesce(uses.{{ column }}, 0) as bigint) as {{ column }},
    {%- endfor %}
    coalesce(month_days.active_days, 0) as active_days_in_month,
    coalesce(recent_days.active_days_30d, 0) as active_days_30d,
    coalesce(newcomers.new_accounts, 0) as new_accounts,
    coalesce(newcomers.new_users, 0) as new_users,
    cast(sum(coalesce(newcomers.new_accounts, 0)) {{ running }} as bigint) as accounts_ever,
    cast(sum(coalesce(newcomers.new_users, 0)) {{ running }} as bigint) as users_ever,
    cast(sum(coalesce(uses.events_in_month, 0)) {{ running }} as bigint) as events_ever,
    min(month_days.first_used_on) {{ running }} as first_used_on,
    max(month_days.last_used_on) {{ running }} as last_used_on
from months
{% for source in ['uses', 'month_days', 'recent_days', 'newcomers'] -%}
left join {{ source }}
    on
        months.feature_name = {{ source }}.feature_name
        and months.month_start_date = {{ source }}.month_start_date
{% endfor %}
