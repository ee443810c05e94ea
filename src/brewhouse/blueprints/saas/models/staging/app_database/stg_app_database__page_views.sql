with

base_page_views as (
    select * from {{ ref('base_app_database__page_views') }}
),

valid_page_views as (
    select
        *,
        split_part(page_path, '/', 2) as page_section,
        {{ brewhouse_utils.url_host('referrer_url') }} as referrer_host,
        {{ brewhouse_utils.site_of(brewhouse_utils.url_host('referrer_url')) }} as referrer_site
    from base_page_views
    where data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        page_view_id,
        {{ brewhouse_utils.surrogate_key(['page_view_id']) }} as page_view_key,
        session_id,
        user_id,
        account_id,

        -- text
        page_url,
        page_title,
        referrer_url,
        page_path,
        {{ brewhouse_utils.url_without_query('page_url') }} as clean_url,

        -- classes
        case
            when page_section in ({{ brewhouse_utils.sql_list(var('page_categories')) }})
                then page_section
            when page_path is not null then 'other'
        end as page_category,
        {{ brewhouse_utils.banded('time_on_page_seconds', var('page_engagement_floors')) }}
            as engagement_type,
        case
            when referrer_url is null then 'direct'
            when referrer_host is null then 'internal'
            when referrer_host = {{ brewhouse_utils.url_host('page_url') }} then 'internal'
            when referrer_site in ({{ brewhouse_utils.sql_list(var('search_hosts')) }})
                then 'search'
            when referrer_site in ({{ brewhouse_utils.sql_list(var('social_hosts')) }})
                then 'social'
            else 'other'
        end as referrer_source,

        -- numerics
        time_on_page_seconds,
        {{ brewhouse_utils.path_depth('page_path') }} as page_depth,

        -- booleans
        row_number() over (
            partition by session_id
            order by page_view_timestamp desc, page_view_id desc
        ) = 1 as is_exit_page,
        page_url is null as missing_page_url,
        is_late,

        -- times
        page_view_timestamp,
        cast(page_view_timestamp as date) as page_view_date,
        {{ brewhouse_utils.hour_of_day('page_view_timestamp') }} as page_view_hour,
        {{ brewhouse_utils.day_of_week('page_view_timestamp') }} as page_view_day_of_week,
        record_created_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from valid_page_views
)

select * from categorised
