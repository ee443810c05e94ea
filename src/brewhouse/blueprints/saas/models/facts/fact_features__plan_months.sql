{%- set running = 'over (partition by catalog.feature_name, months.plan_name'
    ~ ' order by months.month_start_date rows between unbounded preceding and current row)' -%}
with

months as (
    select * from {{ ref('fact_plans__months') }}
),

catalog as (
    select * from {{ ref('fact_features__catalog') }}
),

plan_changes as (
    select * from {{ ref('fact_features__plan_changes') }}
),

terms as (
    select * from {{ ref('fact_accounts__plan_terms') }}
),

plan_tiers as (
    select distinct
        plan_name,
        plan_tier
    from terms
),

used_again as (
    select
        account_months.feature_name,
        terms.plan_name,
        account_months.month_start_date,
        count(distinct account_months.account_id) as account_count
    from {{ ref('fact_features__account_months') }} as account_months
    inner join terms
        on
            account_months.account_id = terms.account_id
            and account_months.month_end >= terms.valid_from
            and (account_months.month_end < terms.valid_to or terms.valid_to is null)
    where account_months.is_used_again_30d
    group by account_months.feature_name, terms.plan_name, account_months.month_start_date
)

select
    catalog.feature_name,
    months.plan_name,
    months.month_start_date,
    months.month_end,
    plan_tiers.plan_tier <= catalog.lowest_plan_tier as plan_has_feature,
    months.account_count,
    months.user_count,
    months.mrr,
    {%- for measure, type in {
        'adopter_accounts': 'bigint', 'adopter_users': 'bigint', 'adopters_mrr': 'decimal(18, 2)'
    }.items() %}
    cast(sum(coalesce(plan_changes.{{ measure }}_change, 0)) {{ running }} as {{ type }})
        as {{ measure }},
    {%- endfor %}
    coalesce(used_again.account_count, 0) as accounts_used_again_30d
from months
cross join catalog
inner join plan_tiers
    on months.plan_name = plan_tiers.plan_name
left join plan_changes
    on
        catalog.feature_name = plan_changes.feature_name
        and months.plan_name = plan_changes.plan_name
        and months.month_start_date = plan_changes.month_start_date
left join used_again
    on
        catalog.feature_name = used_again.feature_name
        and months.plan_name = used_again.plan_name
        and months.month_start_date = used_again.month_start_date
