with

raw_users as (
    select * from {{ source('raw', 'raw_users') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.safe_bigint('user_id') }} as user_id,

        -- text
        {{ brewhouse_utils.clean_text('email') }} as email,
        upper({{ brewhouse_utils.clean_text('country') }}) as country_code,
        {{ brewhouse_utils.clean_text('referrer') }} as referrer_source,

        -- times
        {{ brewhouse_utils.safe_timestamp('created_at') }} as created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_users
),

judged as (
    select
        *,
        case
            when user_id is null then 'missing_id'
            when created_at is null then 'missing_created_at'
            else 'valid'
        end as verdict
    from parsed
),

ranked as (
    select
        *,
        {{ brewhouse_utils.copy_number(
            'user_id', ['_loaded_at desc nulls last', '_dlt_load_id desc nulls last']
        ) }} as copy_number
    from judged
),

flagged as (
    select
        user_id,
        email,
        country_code,
        referrer_source,
        created_at,
        {{ brewhouse_utils.quality_flag() }} as data_quality_flag,
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from ranked
)

select * from flagged
