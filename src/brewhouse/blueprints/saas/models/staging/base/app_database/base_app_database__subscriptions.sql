with

known_accounts as (
    select account_id from {{ ref('base_app_database__accounts') }}
    where data_quality_flag = 'valid'
),

raw_subscriptions as (
    select * from {{ source('app_database', 'app_database_subscriptions') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as subscription_id,
        {{ brewhouse_utils.clean_id('customer_id') }} as account_id,
        {{ brewhouse_utils.clean_id('stripe_subscription_id') }} as stripe_subscription_id,

        -- text
        {{ brewhouse_utils.clean_text('plan_name') }} as plan_name,
        {{ brewhouse_utils.clean_text('status') }} as subscription_status,
        {{ brewhouse_utils.clean_text('billing_cycle') }} as billing_cycle,
        {{ brewhouse_utils.clean_text('end_reason') }} as end_reason,

        -- numerics
        monthly_price,
        monthly_amount,
        discount_percent,

        -- times
        start_date,
        end_date,
        current_term_start,
        trial_start_date,
        trial_end_date,
        created_at as subscription_created_at,
        updated_at as subscription_updated_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_subscriptions
),

judged as (
    select
        parsed.subscription_id,
        parsed.subscription_updated_at,
        parsed._loaded_at,
        parsed._source_file,
        parsed._source_row,
        case
            when parsed.subscription_id is null then 'missing_id'
            when parsed.account_id is null then 'missing_parent'
            when parsed.monthly_amount < 0 then 'invalid_value'
            when known_accounts.account_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_accounts on parsed.account_id = known_accounts.account_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'subscription_id',
        ['subscription_updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
