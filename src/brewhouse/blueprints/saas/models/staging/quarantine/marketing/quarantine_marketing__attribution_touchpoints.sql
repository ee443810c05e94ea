with

raw_attribution_touchpoints as (
    select * from {{ source('marketing', 'attribution_touchpoints') }}
),

base_marketing__attribution_touchpoints as (
    select * from {{ ref('base_marketing__attribution_touchpoints') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_marketing__attribution_touchpoints
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_attribution_touchpoints.id,
        raw_attribution_touchpoints.mql_id,
        raw_attribution_touchpoints.touchpoint_date,
        raw_attribution_touchpoints.channel,
        raw_attribution_touchpoints.campaign_id,
        raw_attribution_touchpoints.campaign_name,
        raw_attribution_touchpoints.medium,
        raw_attribution_touchpoints.source,
        raw_attribution_touchpoints.content,
        raw_attribution_touchpoints.attribution_weight,
        raw_attribution_touchpoints.touchpoint_position,
        raw_attribution_touchpoints.created_at,
        raw_attribution_touchpoints._source_file,
        raw_attribution_touchpoints._source_row,
        raw_attribution_touchpoints._loaded_at,
        raw_attribution_touchpoints._dlt_load_id,
        rejections.reason
    from raw_attribution_touchpoints
    inner join rejections
        on
            raw_attribution_touchpoints._source_file = rejections._source_file
            and raw_attribution_touchpoints._source_row = rejections._source_row
)

select * from rejected_rows
