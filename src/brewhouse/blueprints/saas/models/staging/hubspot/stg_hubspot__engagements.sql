with

base_hubspot__engagements as (
    select * from {{ ref('base_hubspot__engagements') }}
),

categorised as (
    select
        -- ids
        engagement_id,
        hubspot_company_id,
        hubspot_contact_id,
        hubspot_deal_id,
        owner_id,
        company_ids,
        contact_ids,
        deal_ids,

        -- text
        engagement_type,
        engagement_subject,
        engagement_body,
        engagement_status,
        engagement_outcome,

        -- classes
        {{ brewhouse_utils.mapped('engagement_type', var('engagement_groups'), 'other') }}
            as engagement_category,
        data_quality_flag,

        -- numerics
        engagement_timestamp_ms,
        duration_ms,
        cast(case
            when duration_ms >= 0 then {{ brewhouse_utils.ratio('duration_ms', 60000, 2) }}
        end as decimal(18, 2)) as duration_minutes,

        -- booleans
        is_active,
        {{ brewhouse_utils.day_of_week('engagement_timestamp') }} between 1 and 5
        and {{ brewhouse_utils.hour_of_day('engagement_timestamp') }}
        between {{ var('business_hours').first }} and {{ var('business_hours').last }}
            as is_business_hours,

        -- times
        engagement_timestamp,
        cast(engagement_timestamp as date) as engagement_date,
        {{ brewhouse_utils.hour_of_day('engagement_timestamp') }} as engagement_hour,
        {{ brewhouse_utils.day_of_week('engagement_timestamp') }} as engagement_day_of_week,
        record_created_at,
        record_updated_at,
        synced_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _dbt_inserted_at,
        _source_file,
        _source_row
    from base_hubspot__engagements
    where data_quality_flag = 'valid'
)

select * from categorised
