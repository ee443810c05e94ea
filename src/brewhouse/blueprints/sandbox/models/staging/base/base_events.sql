with

raw_events as (
    select * from {{ source('raw', 'raw_events') }}
),

base_users as (
    select * from {{ ref('base_users') }}
),

known_users as (
    select user_id from base_users
    where data_quality_flag = 'valid'
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.safe_bigint('event_id') }} as event_id,
        {{ brewhouse_utils.safe_bigint('user_id') }} as user_id,

        -- text
        {{ brewhouse_utils.clean_text('event_type') }} as event_type,
        {{ brewhouse_utils.clean_text('utm_source') }} as utm_source,

        -- times
        {{ brewhouse_utils.safe_timestamp('raw_events.timestamp') }} as event_timestamp,
        {{ brewhouse_utils.safe_timestamp('received_at') }} as received_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_events
),

judged as (
    select
        parsed.*,
        case
            when parsed.event_id is null then 'missing_id'
            when parsed.user_id is null then 'missing_user_id'
            when parsed.event_timestamp is null then 'missing_timestamp'
            when known_users.user_id is null then 'unknown_user'
            else 'valid'
        end as verdict
    from parsed
    left join known_users on parsed.user_id = known_users.user_id
),

ranked as (
    select
        *,
        {{ brewhouse_utils.copy_number('event_id', ['received_at nulls last']) }} as copy_number
    from judged
),

flagged as (
    select
        event_id,
        user_id,
        event_type,
        utm_source,
        event_timestamp,
        received_at,
        received_at > {{ brewhouse_utils.shift(
            'event_timestamp', var('late_after_hours'), 'hours'
        ) }} as is_late,
        {{ brewhouse_utils.quality_flag() }} as data_quality_flag,
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from ranked
)

select * from flagged
