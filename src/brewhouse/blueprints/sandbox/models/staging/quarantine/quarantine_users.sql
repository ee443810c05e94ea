with

raw_users as (
    select * from {{ source('raw', 'raw_users') }}
),

base_users as (
    select * from {{ ref('base_users') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_users
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_users.user_id,
        raw_users.email,
        raw_users.country,
        raw_users.referrer,
        raw_users.created_at,
        raw_users._source_file,
        raw_users._source_row,
        raw_users._loaded_at,
        raw_users._dlt_load_id,
        rejections.reason
    from raw_users
    inner join rejections
        on
            raw_users._source_file = rejections._source_file
            and raw_users._source_row = rejections._source_row
)

select * from rejected_rows
