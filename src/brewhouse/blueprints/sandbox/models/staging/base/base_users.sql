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
        -- Rejected rows come last, so that a valid one never loses to them.
        row_number() over (
            partition by user_id
            order by
                case when verdict = 'valid' then 0 else 1 end asc,
                _loaded_at desc nulls last,
                _dlt_load_id desc nulls last,
                _source_file asc,
                _source_row asc
        ) as copy_number
    from judged
),

flagged as (
    select
        user_id,
        email,
        country_code,
        referrer_source,
        created_at,
        case
            when verdict = 'valid' and copy_number > 1 then 'duplicate'
            else verdict
        end as data_quality_flag,
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from ranked
)

select * from flagged
