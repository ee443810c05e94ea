with

raw_feature_usage as (
    select * from {{ source('app_database', 'app_database_feature_usage') }}
),

base_feature_usage as (
    select * from {{ ref('base_app_database__feature_usage') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_feature_usage
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_feature_usage.usage_id,
        raw_feature_usage.user_id,
        raw_feature_usage.customer_id,
        raw_feature_usage.feature_name,
        raw_feature_usage.usage_count,
        raw_feature_usage.timestamp,
        raw_feature_usage.created_at,
        raw_feature_usage._source_file,
        raw_feature_usage._source_row,
        raw_feature_usage._loaded_at,
        raw_feature_usage._dlt_load_id,
        rejections.reason
    from raw_feature_usage
    inner join rejections
        on
            raw_feature_usage._source_file = rejections._source_file
            and raw_feature_usage._source_row = rejections._source_row
)

select * from rejected_rows
