with

base_subscriptions as (
    select * from {{ ref('base_app_database__subscriptions') }}
),

valid_subscriptions as (
    select
        *,
        case
            when subscription_status in ('active', 'past_due')
                then cast(monthly_amount as decimal(18, 2))
            else cast(0 as decimal(18, 2))
        end as normalized_mrr,
        {{ brewhouse_utils.date_diff_days(
            'start_date', 'coalesce(end_date, ' ~ brewhouse_utils.as_of() ~ ')'
        ) }} as subscription_age_days
    from base_subscriptions
    where data_quality_flag = 'valid'
),

classified as (
    select
        -- ids
        subscription_id,
        {{ brewhouse_utils.surrogate_key(['subscription_id']) }} as subscription_key,
        account_id,
        stripe_subscription_id,

        -- text
        plan_name,
        subscription_status,
        billing_cycle,
        end_reason,

        -- classes
        case plan_name
            {%- for plan, terms in var('plans').items() %}
            when '{{ plan }}' then {{ terms.tier }}
            {%- endfor %}
        end as plan_tier,
        case
            when subscription_status = 'canceled' then 'ended'
            when subscription_status = 'trialing' then 'trial'
            when subscription_status = 'past_due' then 'at_risk'
            when subscription_age_days < {{ var('new_subscription_days') }} then 'new'
            else 'established'
        end as lifecycle_stage,

        -- numerics
        monthly_price,
        monthly_amount,
        discount_percent,
        normalized_mrr,
        cast(normalized_mrr * 12 as decimal(18, 2)) as annual_revenue,
        cast(
            monthly_amount * case when billing_cycle = 'annual' then 12 else 1 end
            as decimal(18, 2)
        ) as total_contract_value,

        -- booleans
        plan_name is null as missing_plan_name,
        subscription_status is null as missing_status,

        -- times
        start_date,
        end_date,
        current_term_start,
        trial_start_date,
        trial_end_date,
        subscription_age_days,
        subscription_created_at,
        subscription_updated_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from valid_subscriptions
)

select * from classified
