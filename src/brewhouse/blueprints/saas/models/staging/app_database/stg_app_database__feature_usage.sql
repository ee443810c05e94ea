{%- set categories = brewhouse_utils.attribute_of(var('features'), 'category') -%}
{%- set lowest_plans = brewhouse_utils.attribute_of(var('features'), 'plan') -%}
with

base_feature_usage as (
    select * from {{ ref('base_app_database__feature_usage') }}
),

valid_usage as (
    select
        *,
        {{ brewhouse_utils.hour_of_day('usage_timestamp') }} as usage_hour,
        {{ brewhouse_utils.day_of_week('usage_timestamp') }} as usage_day_of_week
    from base_feature_usage
    where data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        usage_id,
        {{ brewhouse_utils.surrogate_key(['usage_id']) }} as usage_key,
        user_id,
        account_id,

        -- text
        feature_name,

        -- classes
        {{ brewhouse_utils.mapped('feature_name', categories, 'other') }} as feature_category,
        {{ brewhouse_utils.mapped('feature_name', lowest_plans, 'other') }} as feature_tier,
        {{ brewhouse_utils.banded('usage_count', var('usage_intensity_floors')) }}
            as usage_intensity,

        -- numerics
        usage_count,

        -- booleans
        usage_day_of_week between 1 and 5
        and usage_hour >= {{ var('business_hours').first }}
        and usage_hour <= {{ var('business_hours').last }} as is_business_hours,
        row_number() over (
            partition by user_id, feature_name
            order by usage_timestamp, usage_id
        ) = 1 as is_first_use,
        feature_name is null as missing_feature_name,
        is_late,

        -- times
        usage_timestamp,
        cast(usage_timestamp as date) as usage_date,
        usage_hour,
        usage_day_of_week,
        {{ brewhouse_utils.week_start('usage_timestamp') }} as usage_week,
        {{ brewhouse_utils.month_start('usage_timestamp') }} as usage_month,
        record_created_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from valid_usage
)

select * from categorised
