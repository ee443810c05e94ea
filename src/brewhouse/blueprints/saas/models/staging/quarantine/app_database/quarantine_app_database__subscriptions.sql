with

raw_subscriptions as (
    select * from {{ source('app_database', 'app_database_subscriptions') }}
),

base_subscriptions as (
    select * from {{ ref('base_app_database__subscriptions') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_subscriptions
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_subscriptions.id,
        raw_subscriptions.customer_id,
        raw_subscriptions.plan_name,
        raw_subscriptions.status,
        raw_subscriptions.start_date,
        raw_subscriptions.end_date,
        raw_subscriptions.monthly_price,
        raw_subscriptions.billing_cycle,
        raw_subscriptions.monthly_amount,
        raw_subscriptions.current_term_start,
        raw_subscriptions.created_at,
        raw_subscriptions.updated_at,
        raw_subscriptions.trial_start_date,
        raw_subscriptions.trial_end_date,
        raw_subscriptions.discount_percent,
        raw_subscriptions.end_reason,
        raw_subscriptions.stripe_subscription_id,
        raw_subscriptions._source_file,
        raw_subscriptions._source_row,
        raw_subscriptions._loaded_at,
        raw_subscriptions._dlt_load_id,
        rejections.reason
    from raw_subscriptions
    inner join rejections
        on
            raw_subscriptions._source_file = rejections._source_file
            and raw_subscriptions._source_row = rejections._source_row
)

select * from rejected_rows
