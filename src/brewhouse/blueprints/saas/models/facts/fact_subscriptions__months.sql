with

fact_subscriptions__states as (
    select * from {{ ref('fact_subscriptions__states') }}
),

fact_subscriptions__terms as (
    select
        *,
        coalesce(ended_at, {{ brewhouse_utils.as_of() }}) as last_moment
    from {{ ref('fact_subscriptions__terms') }}
),

fact_subscriptions__movements as (
    select * from {{ ref('fact_subscriptions__movements') }}
),

months as (
    {{ brewhouse_utils.periods(
        'fact_subscriptions__terms', 'subscription_id', 'started_at', 'last_moment', 'month'
    ) }}
),

states as (
    select
        *,
        {{ brewhouse_utils.month_start('changed_at') }} as month_start_date,
        row_number() over (
            partition by subscription_id, {{ brewhouse_utils.month_start('changed_at') }}
            order by changed_at desc
        ) as states_ago
    from fact_subscriptions__states
),

-- The last state of each month that has one, numbered.
month_states as (
    select
        *,
        row_number() over (partition by subscription_id order by month_start_date) as month_number
    from states
    where states_ago = 1
),

-- In a month without a change holds what the last month with one left.
numbered_months as (
    select
        months.subscription_id,
        months.period_start as month_start_date,
        count(month_states.subscription_id) over (
            partition by months.subscription_id order by months.period_start
        ) as month_number
    from months
    left join month_states
        on
            months.subscription_id = month_states.subscription_id
            and months.period_start = month_states.month_start_date
),

movements as (
    select
        subscription_id,
        {{ brewhouse_utils.month_start('changed_on') }} as month_start_date,
        -- Not those that only take over from another, or hand over to it.
        {{ brewhouse_utils.count_if('mrr_before = 0 and transferred_mrr = 0') }} as beginnings,
        {{ brewhouse_utils.count_if('mrr = 0 and transferred_mrr = 0') }} as ends,
        {%- for movement in var('mrr_movements') %}
        sum(case when movement = '{{ movement }}' then abs(moved_mrr) end) as {{ movement }}_mrr,
        {%- endfor %}
        sum(transferred_mrr) as transferred_mrr
    from fact_subscriptions__movements
    group by subscription_id, {{ brewhouse_utils.month_start('changed_on') }}
)

select
    numbered_months.subscription_id,
    numbered_months.month_start_date,
    {%- for column in [
        'subscription_status', 'lifecycle_stage', 'mrr', 'recognized_mrr', 'payment_health_score',
        'churn_risk_score', 'subscription_health_status', 'risk_classification',
        'payment_behavior', 'subscription_value_tier',
    ] %}
    month_states.{{ column }},
    {%- endfor %}
    {%- for movement in var('mrr_movements') %}
    cast(coalesce(movements.{{ movement }}_mrr, 0) as decimal(18, 2)) as {{ movement }}_mrr,
    {%- endfor %}
    cast(coalesce(movements.transferred_mrr, 0) as decimal(18, 2)) as transferred_mrr,
    coalesce(movements.beginnings, 0) as new_subscription_count,
    coalesce(movements.ends, 0) as churned_subscription_count
from numbered_months
inner join month_states
    on
        numbered_months.subscription_id = month_states.subscription_id
        and numbered_months.month_number = month_states.month_number
left join movements
    on
        numbered_months.subscription_id = movements.subscription_id
        and numbered_months.month_start_date = movements.month_start_date
