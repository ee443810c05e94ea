with

base_user_sessions as (
    select * from {{ ref('base_app_database__user_sessions') }}
),

valid_sessions as (
    select
        -- ids
        session_id,
        {{ brewhouse_utils.surrogate_key(['session_id']) }} as session_key,
        user_id,
        account_id,

        -- text
        device_type,
        browser,

        -- numerics
        duration_seconds,
        page_views,
        actions_taken,
        {{ brewhouse_utils.ratio('actions_taken * 60', 'greatest(duration_seconds, 0)', 2) }}
            as actions_per_minute,
        {{ brewhouse_utils.ratio('page_views * 60', 'greatest(duration_seconds, 0)', 2) }}
            as pages_per_minute,
        {{ brewhouse_utils.mean_of_capped({
            'duration_seconds': var('session_quality_caps').seconds,
            'page_views': var('session_quality_caps').pages,
            'actions_taken': var('session_quality_caps').actions,
        }) }} as session_quality_score,

        -- classes
        {{ brewhouse_utils.banded('duration_seconds', var('session_duration_floors')) }}
            as session_duration_category,
        {{ brewhouse_utils.banded(
            'page_views + actions_taken', var('session_engagement_floors')
        ) }} as engagement_level,
        case
            when {{ brewhouse_utils.day_of_week('start_time') }} in (0, 6) then 'weekend'
            when start_time is not null then 'weekday'
        end as day_type,
        {{ brewhouse_utils.banded(
            brewhouse_utils.hour_of_day('start_time'), var('time_of_day_floors')
        ) }} as time_of_day,

        -- booleans
        start_time is null as missing_start_time,
        duration_seconds < 0 or duration_seconds
        <> {{ brewhouse_utils.seconds_between('start_time', 'end_time') }} as invalid_duration,
        is_late,

        -- times
        start_time,
        end_time,
        cast(start_time as date) as session_date,
        {{ brewhouse_utils.hour_of_day('start_time') }} as session_hour,
        {{ brewhouse_utils.day_of_week('start_time') }} as session_day_of_week,
        record_created_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from base_user_sessions
    where data_quality_flag = 'valid'
)

select * from valid_sessions
