with

base_hubspot__deals as (
    select * from {{ ref('base_hubspot__deals') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

valid_deals as (
    select
        base_hubspot__deals.*,
        {{ brewhouse_utils.mapped('deal_stage', var('deal_stage_names'), 'other') }}
            as standardized_stage,
        {{ brewhouse_utils.date_diff_days('clock.as_of', 'expected_close_date') }}
            as days_until_close,
        {{ brewhouse_utils.date_diff_days('deal_modified_at', 'clock.as_of') }} as days_unchanged,
        {{ brewhouse_utils.date_diff_days('deal_created_at', 'clock.as_of') }} as deal_age_days
    from base_hubspot__deals
    cross join clock
    where base_hubspot__deals.data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        hubspot_deal_id,
        {{ brewhouse_utils.surrogate_key('hubspot_deal_id') }} as hubspot_deal_key,
        hubspot_company_id,
        hubspot_contact_id,
        deal_owner_id,
        company_ids,
        contact_ids,

        -- text
        deal_name,
        deal_stage,
        sales_pipeline,
        deal_type,
        deal_priority,
        expansion_type,
        competitor,
        closed_won_reason,
        closed_lost_reason,

        -- classes
        standardized_stage,
        case
            when standardized_stage = 'won' then 'closed'
            when standardized_stage = 'lost' then 'omitted'
            when close_probability >= 0.8 then 'commit'
            when close_probability >= 0.5 then 'best_case'
            else 'pipeline'
        end as forecast_category,
        {{ brewhouse_utils.banded('deal_amount', var('hubspot_deal_size_floors')) }}
            as deal_size_category,
        case
            when standardized_stage in ('won', 'lost') then 'closed'
            when days_until_close < 0 then 'overdue'
            when days_until_close <= 30 then 'within_30_days'
            when days_until_close <= 90 then 'within_90_days'
            when days_until_close is not null then 'later'
        end as close_timeline,
        case
            when standardized_stage in ('won', 'lost') then standardized_stage
            when days_until_close < 0 then 'overdue'
            when days_unchanged > {{ var('stale_deal_days') }} then 'stale'
            else 'on_track'
        end as deal_health_status,

        -- numerics
        deal_amount,
        close_probability,
        cast(deal_amount * close_probability as decimal(18, 2)) as weighted_amount,
        coalesce(meeting_count, 0) + coalesce(note_count, 0) as activity_count,
        days_until_close,
        deal_age_days,

        -- booleans
        archived,
        deal_name is null as missing_deal_name,
        coalesce(deal_amount < 0, true) as invalid_amount,
        deal_stage is null as missing_stage,

        -- times
        expected_close_date,
        deal_created_at,
        deal_modified_at,
        synced_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from valid_deals
)

select * from categorised
