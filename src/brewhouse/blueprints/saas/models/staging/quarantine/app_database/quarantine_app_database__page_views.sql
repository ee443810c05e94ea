with

raw_page_views as (
    select * from {{ source('app_database', 'app_database_page_views') }}
),

base_page_views as (
    select * from {{ ref('base_app_database__page_views') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_page_views
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_page_views.page_view_id,
        raw_page_views.session_id,
        raw_page_views.user_id,
        raw_page_views.customer_id,
        raw_page_views.page_url,
        raw_page_views.page_title,
        raw_page_views.timestamp,
        raw_page_views.time_on_page_seconds,
        raw_page_views.referrer_url,
        raw_page_views.created_at,
        raw_page_views._source_file,
        raw_page_views._source_row,
        raw_page_views._loaded_at,
        raw_page_views._dlt_load_id,
        rejections.reason
    from raw_page_views
    inner join rejections
        on
            raw_page_views._source_file = rejections._source_file
            and raw_page_views._source_row = rejections._source_row
)

select * from rejected_rows
