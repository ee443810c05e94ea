with

base_marketing__iterable_campaigns as (
    select * from {{ ref('base_marketing__iterable_campaigns') }}
),

valid_campaigns as (
    select
        -- ids
        campaign_id,

        -- text
        campaign_name,
        campaign_type,
        campaign_status,
        message_medium,
        labels,

        -- numerics
        send_size,

        -- times
        created_at_source,
        updated_at_source,
        start_at,
        ended_at,
        cast(start_at as date) as send_date,
        created_at,

        -- bookkeeping
        _loaded_at,
        _source_file,
        _source_row
    from base_marketing__iterable_campaigns
    where data_quality_flag = 'valid'
)

select * from valid_campaigns
