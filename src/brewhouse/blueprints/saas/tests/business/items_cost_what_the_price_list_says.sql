{{ config(enabled=var('simulated')) }}
{#- MRR comes from subscription items: each costs what Stripe's price list says, and the list says
    what the variables `plans` and `addons` do: a price raised in one place only would be seen. -#}

with

stg_stripe__prices as (
    select * from {{ ref('stg_stripe__prices') }}
),

stg_stripe__subscription_items as (
    select * from {{ ref('stg_stripe__subscription_items') }}
),

list_prices as (
    {%- for plan, terms in var('plans').items() %}
    {%- if not loop.first %}
    union all
    {%- endif %}
    select
        '{{ plan }}' as product,
        {{ terms.monthly_usd }} as monthly_usd
    {%- endfor %}
    {%- for addon, monthly_usd in var('addons').items() %}
    union all
    select
        '{{ addon }}' as product,
        {{ monthly_usd }} as monthly_usd
    {%- endfor %}
),

expected as (
    select
        product || ' monthly' as nickname,
        cast(monthly_usd as decimal(18, 2)) as monthly_value
    from list_prices
    union all
    select
        product || ' annual' as nickname,
        cast(monthly_usd * (100 - {{ var('annual_discount_percent') }}) * 0.01 as decimal(18, 2))
            as monthly_value
    from list_prices
)

select
    coalesce(stg_stripe__prices.nickname, expected.nickname) as named,
    stg_stripe__prices.monthly_value as found,
    expected.monthly_value as expected
from stg_stripe__prices
full outer join expected on stg_stripe__prices.nickname = expected.nickname
where stg_stripe__prices.monthly_value is distinct from expected.monthly_value
union all
select
    stg_stripe__subscription_items.stripe_subscription_item_id as named,
    stg_stripe__subscription_items.monthly_recurring_revenue as found,
    stg_stripe__prices.monthly_value * stg_stripe__subscription_items.quantity as expected
from stg_stripe__subscription_items
left join stg_stripe__prices
    on stg_stripe__subscription_items.stripe_price_id = stg_stripe__prices.price_id
where
    stg_stripe__subscription_items.monthly_recurring_revenue
    is distinct from stg_stripe__prices.monthly_value * stg_stripe__subscription_items.quantity
