{%- set is_failure = brewhouse_utils.sql_list(var('stripe_failure_event_types')) -%}
{%- set is_success = brewhouse_utils.sql_list(var('stripe_success_event_types')) -%}

with

base_stripe__events as (
    select * from {{ ref('base_stripe__events') }}
),

categorised as (
    select
        -- ids
        stripe_event_id,
        {{ brewhouse_utils.surrogate_key('stripe_event_id') }} as stripe_event_key,

        -- what happened
        event_type,
        api_version,
        livemode,
        pending_webhooks,
        data,
        related_object_id,
        related_object_type,
        request_id,
        idempotency_key,
        event_created_at,

        -- classes
        case
            when event_type like 'customer.subscription.%' then 'subscription'
            when split_part(event_type, '.', 1)
                in ({{ brewhouse_utils.sql_list(var('stripe_event_objects')) }})
                then split_part(event_type, '.', 1)
            else 'other'
        end as event_category,
        split_part(event_type, '.', -1) as event_action,
        coalesce(event_type in ({{ is_failure }}), false) as is_failure_event,
        coalesce(event_type in ({{ is_success }}), false) as is_success_event,
        data_quality_flag,
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,

        -- beyond the published columns
        stripe_customer_id,
        object_status,
        previous_status,
        object_amount_usd,
        synced_at,
        _source_file,
        _source_row
    from base_stripe__events
    where data_quality_flag = 'valid'
)

select * from categorised
