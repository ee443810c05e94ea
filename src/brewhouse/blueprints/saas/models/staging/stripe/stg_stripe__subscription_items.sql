{%- set floors = brewhouse_utils.plan_floors(var('plans'), var('annual_discount_percent')) -%}

with

base_stripe__subscription_items as (
    select * from {{ ref('base_stripe__subscription_items') }}
),

priced_items as (
    select
        *,
        coalesce(usage_type = 'metered', false) as is_usage_based,
        cast(quantity * unit_price_usd as decimal(18, 2)) as total_amount_usd,
        {{ brewhouse_utils.monthly_amount(
            'unit_price_usd', 'billing_interval', 'billing_interval_count'
        ) }} as monthly_unit_price_usd
    from base_stripe__subscription_items
    where data_quality_flag = 'valid'
),

recurring_items as (
    select
        *,
        case
            when is_usage_based then 0
            else coalesce({{ brewhouse_utils.monthly_amount(
                'total_amount_usd', 'billing_interval', 'billing_interval_count'
            ) }}, 0)
        end as monthly_recurring_revenue
    from priced_items
),

categorised as (
    select
        -- ids
        stripe_subscription_item_id,
        {{ brewhouse_utils.surrogate_key('stripe_subscription_item_id') }}
            as subscription_item_key,
        stripe_subscription_id,
        stripe_price_id,

        -- price
        quantity,
        unit_price_usd,
        billing_interval,
        billing_interval_count,
        stripe_product_id,

        -- recurring revenue
        cast(monthly_recurring_revenue as decimal(18, 2)) as monthly_recurring_revenue,
        cast(12 * monthly_recurring_revenue as decimal(18, 2)) as annual_recurring_revenue,

        -- classes
        {{ brewhouse_utils.banded('monthly_unit_price_usd', floors, 'addon') }} as pricing_tier,
        case
            when is_usage_based then 'usage'
            when billing_interval is null then 'one_time'
            else 'recurring'
        end as revenue_type,
        {{ brewhouse_utils.billing_period('billing_interval', 'billing_interval_count') }}
            as billing_frequency_display,
        is_usage_based,
        case
            when item_type = 'base'
                then quantity * {{ brewhouse_utils.plan_allowance(
                    var('plans'), 'devices', 'plan_name'
                ) }}
            when addon_name = 'extra_device' then quantity
            when item_type = 'addon' then 0
        end as max_devices_included,
        case
            when item_type = 'base'
                then quantity * {{ brewhouse_utils.plan_allowance(
                    var('plans'), 'locations', 'plan_name'
                ) }}
            when addon_name = 'extra_location' then quantity
            when item_type = 'addon' then 0
        end as max_locations_included,
        total_amount_usd,
        subscription_item_created_at,
        stripe_price_id is null or unit_price_usd is null or quantity is null
            as has_data_quality_issues,
        {{ brewhouse_utils.built_at() }} as dbt_updated_at,

        -- beyond the published columns
        item_type,
        plan_name,
        addon_name,
        item_description,
        synced_at,
        _source_file,
        _source_row
    from recurring_items
)

select * from categorised
