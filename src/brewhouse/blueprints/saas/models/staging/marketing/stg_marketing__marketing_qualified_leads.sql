with

base_marketing__marketing_qualified_leads as (
    select * from {{ ref('base_marketing__marketing_qualified_leads') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

valid_leads as (
    select
        base_marketing__marketing_qualified_leads.*,
        clock.as_of
    from base_marketing__marketing_qualified_leads
    cross join clock
    where base_marketing__marketing_qualified_leads.data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        lead_id,
        contact_id,
        account_id,
        campaign_id,

        -- text
        lead_source,

        -- classes
        {{ brewhouse_utils.banded('lead_score', var('lead_temperature_floors')) }}
            as lead_temperature,
        {{ brewhouse_utils.mapped('lead_source', var('channel_groups'), 'other') }}
            as lead_source_category,
        data_quality_flag,

        -- numerics
        lead_score,
        engagement_score,
        conversion_probability,
        days_to_mql,
        {{ brewhouse_utils.date_diff_days('mql_date', 'as_of') }} as days_since_mql,

        -- booleans
        account_id is not null as is_converted,

        -- times
        mql_date,
        cast(extract(year from mql_date) as bigint) as mql_year,
        cast(extract(quarter from mql_date) as bigint) as mql_quarter,
        created_at_source,
        cast(created_at_source as date) as created_date,
        created_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _dbt_inserted_at,
        _source_file,
        _source_row
    from valid_leads
)

select * from categorised
