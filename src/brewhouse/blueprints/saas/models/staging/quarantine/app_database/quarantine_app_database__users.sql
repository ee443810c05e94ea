with

raw_users as (
    select * from {{ source('app_database', 'app_database_users') }}
),

base_users as (
    select * from {{ ref('base_app_database__users') }}
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
        raw_users.id,
        raw_users.customer_id,
        raw_users.first_name,
        raw_users.last_name,
        raw_users.email,
        raw_users.role,
        raw_users.created_date,
        raw_users.last_login_date,
        raw_users.last_login_at,
        raw_users.is_active,
        raw_users.created_at,
        raw_users.updated_at,
        raw_users.experiment_variant,
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
