{%- set oldest = ['created_at nulls last', '_loaded_at nulls last'] -%}
{%- set related = [
    'object.id', 'object.object', 'object.customer', 'object.status', 'object.amount',
    'previous_attributes.status'
] -%}
{%- set request = ['id', 'idempotency_key'] -%}

with

raw_events as {{ brewhouse_utils.inlined() }} (
    select * from {{ source('stripe', 'stripe_events') }}
),

unpacked as {{ brewhouse_utils.inlined() }} (
    select
        *,
        {{ brewhouse_utils.clean_id('id') }} as stripe_event_id,
        {{ brewhouse_utils.json_columns('data', related, '') }},
        {{ brewhouse_utils.json_columns('request', request, 'request_') }}
    from raw_events
),

parsed as (
    select
        -- ids
        stripe_event_id,
        {{ brewhouse_utils.clean_id('object_id') }} as related_object_id,
        coalesce(
            {{ brewhouse_utils.clean_id('object_customer') }},
            case when object_object = 'customer' then object_id end
        ) as stripe_customer_id,
        {{ brewhouse_utils.clean_id('request_id') }} as request_id,
        {{ brewhouse_utils.clean_id('request_idempotency_key') }} as idempotency_key,

        -- text
        {{ brewhouse_utils.clean_text('type') }} as event_type,
        {{ brewhouse_utils.clean_text('object_object') }} as related_object_type,
        {{ brewhouse_utils.clean_text('object_status') }} as object_status,
        {{ brewhouse_utils.clean_text('previous_attributes_status') }} as previous_status,
        {{ brewhouse_utils.clean_id('api_version') }} as api_version,
        data,

        -- numerics
        pending_webhooks,
        {{ brewhouse_utils.dollars('object_amount') }} as object_amount_usd,

        -- booleans and times
        livemode,
        created as event_created_at,
        created_at as synced_at,
        {{ brewhouse_utils.raw_keys() }}
    from unpacked
),

judged as (
    select
        stripe_event_id,
        created_at,
        {{ brewhouse_utils.raw_keys() }},
        {{ brewhouse_utils.verdict(
            'unpacked', 'stripe_event_id', documents=['data', 'request']
        ) }} as verdict
    from unpacked
),

flagged as (
    {{ brewhouse_utils.flagged('parsed', 'judged', 'stripe_event_id', oldest) }}
)

select * from flagged
