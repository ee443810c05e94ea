{%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}
{%- set ago = [30, 90] -%}
{%- set year_ago = brewhouse_utils.month_start(brewhouse_utils.shift(today, -11, 'month')) -%}
{%- set movements = ['expansion_mrr', 'contraction_mrr'] -%}

with

earlier_days as (
    select
        account_id,
        {%- for days in ago %}
        {%- for column in [
            'monthly_recurring_revenue', 'customer_health_score', 'churn_risk_score',
        ] %}
        {%- set is_day = 'snapshot_date = ' ~ today ~ ' - ' ~ days %}
        cast(max(case when {{ is_day }} then {{ column }} end) as decimal(18, 2))
            as {{ column }}_{{ days }}d_ago,
        {%- endfor %}
        {%- endfor %}
        count(*) as days_found
    from {{ ref('entity_customers_daily') }}
    where snapshot_date in ({{ today }} - {{ ago | join(', ' ~ today ~ ' - ') }})
    group by account_id
),

-- Steps between tiers, and from when on the account is in the state in which it is.
steps as (
    select
        account_id,
        {{ brewhouse_utils.last_by(
            'case when previous_tier <> customer_tier then previous_tier end', ['valid_from']
        ) }} as previous_tier,
        max(case when previous_tier <> customer_tier then valid_from end) as tier_changed_on,
        max(case when previous_status is distinct from customer_status then valid_from end)
            as status_since,
        max(case when previous_health_band is distinct from health_band then valid_from end)
            as health_band_since,
        {{ brewhouse_utils.count_if(
            "customer_status = 'churned' and previous_status <> 'churned'"
        ) }} as times_churned
    from {{ ref('entity_customers_history') }}
    group by account_id
),

-- The calendar months of a year, the running one among them.
year_sums as (
    select
        account_id,
        {%- for movement in movements %}
        cast(sum({{ movement }}) as decimal(18, 2)) as {{ movement }}_12m,
        {%- endfor %}
        count(*) as months
    from {{ ref('entity_subscriptions_monthly') }}
    where month_start_date >= {{ year_ago }}
    group by account_id
),

arrears as (
    select
        account_id,
        count(*) as times_in_arrears_12m
    from {{ ref('entity_subscriptions_history') }}
    where
        subscription_status = 'past_due'
        and previous_status is distinct from subscription_status
        and valid_from >= {{ year_ago }}
    group by account_id
),

entity_customers as (
    select account_id from {{ ref('entity_customers') }}
)

select
    entity_customers.account_id,
    {%- for days in ago %}
    {%- for column in ['monthly_recurring_revenue', 'customer_health_score', 'churn_risk_score'] %}
    earlier_days.{{ column }}_{{ days }}d_ago,
    {%- endfor %}
    {%- endfor %}
    steps.previous_tier,
    steps.tier_changed_on,
    steps.status_since,
    steps.health_band_since,
    coalesce(steps.times_churned, 0) as times_churned,
    {%- for movement in movements %}
    cast(coalesce(year_sums.{{ movement }}_12m, 0) as decimal(18, 2)) as {{ movement }}_12m,
    {%- endfor %}
    coalesce(arrears.times_in_arrears_12m, 0) as times_in_arrears_12m
from entity_customers
left join earlier_days on entity_customers.account_id = earlier_days.account_id
left join steps on entity_customers.account_id = steps.account_id
left join year_sums on entity_customers.account_id = year_sums.account_id
left join arrears on entity_customers.account_id = arrears.account_id
