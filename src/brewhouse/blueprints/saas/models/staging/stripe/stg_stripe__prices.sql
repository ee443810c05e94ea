{%- set floors = brewhouse_utils.plan_floors(var('plans'), var('annual_discount_percent')) -%}

with

base_stripe__prices as (
    select * from {{ ref('base_stripe__prices') }}
),

valid_prices as (
    select
        *,
        {{ brewhouse_utils.monthly_amount('price_amount', 'billing_interval', 'interval_count') }}
            as monthly_value
    from base_stripe__prices
    where data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        price_id,
        product_id,

        -- list price
        is_active,
        currency,
        unit_amount,
        created,
        billing_interval,
        interval_count,
        price_amount,

        -- classes
        {{ brewhouse_utils.billing_period('billing_interval', 'interval_count') }}
            as billing_period,
        cast(12 * monthly_value as decimal(18, 2)) as annual_value,
        {{ brewhouse_utils.banded('monthly_value', floors, 'addon') }} as price_tier,
        created_at,
        data_quality_flag,
        {{ brewhouse_utils.built_at() }} as _dbt_inserted_at,

        -- beyond the published columns
        nickname,
        price_type,
        monthly_value,
        _source_file,
        _source_row
    from valid_prices
)

select * from categorised
