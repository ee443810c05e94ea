{#- Per month and movement, what the monthly table says of all subscriptions is what accounts
    moved. -#}

with

entity_subscriptions_monthly as (
    select * from {{ ref('entity_subscriptions_monthly') }}
),

fact_accounts__mrr as (
    select * from {{ ref('fact_accounts__mrr') }}
),

found_months as (
    {%- for movement in var('mrr_movements') %}
    {{ 'union all' if not loop.first }}
    select
        month_start_date,
        '{{ movement }}' as movement,
        sum({{ movement }}_mrr) as mrr
    from entity_subscriptions_monthly
    group by month_start_date
    having sum({{ movement }}_mrr) <> 0
    {%- endfor %}
),

expected_months as (
    select
        {{ brewhouse_utils.month_start('changed_on') }} as month_start_date,
        movement,
        sum(abs(mrr_change)) as mrr
    from fact_accounts__mrr
    group by {{ brewhouse_utils.month_start('changed_on') }}, movement
)

select
    coalesce(found_months.month_start_date, expected_months.month_start_date) as month_start_date,
    coalesce(found_months.movement, expected_months.movement) as movement,
    found_months.mrr as found,
    expected_months.mrr as expected
from found_months
full outer join expected_months
    on
        found_months.month_start_date = expected_months.month_start_date
        and found_months.movement = expected_months.movement
where found_months.mrr is distinct from expected_months.mrr
