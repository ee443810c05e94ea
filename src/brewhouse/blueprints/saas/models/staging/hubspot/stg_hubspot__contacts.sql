with

base_hubspot__contacts as (
    select * from {{ ref('base_hubspot__contacts') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

valid_contacts as (
    select
        base_hubspot__contacts.*,
        {{ brewhouse_utils.date_diff_days('contact_created_at', 'clock.as_of') }}
            as days_since_creation,
        {{ brewhouse_utils.date_diff_days('contact_modified_at', 'clock.as_of') }}
            as days_since_last_update,
        coalesce(base_hubspot__contacts.contact_email not like '_%@_%._%', false)
            as invalid_email_format
    from base_hubspot__contacts
    cross join clock
    where base_hubspot__contacts.data_quality_flag = 'valid'
),

faults as (
    select
        *,
        case when contact_email is null or invalid_email_format then 1 else 0 end
        + case when first_name is null or last_name is null then 1 else 0 end
        + case when company_name is null then 1 else 0 end
        + case when traffic_source is null then 1 else 0 end as fault_count
    from valid_contacts
),

categorised as (
    select
        -- ids
        hubspot_contact_id,
        {{ brewhouse_utils.surrogate_key('hubspot_contact_id') }} as hubspot_contact_key,
        hubspot_company_id,

        -- text
        contact_email,
        first_name,
        last_name,
        nullif(concat_ws(' ', first_name, last_name), '') as full_name,
        company_name,
        job_title,
        phone_number,
        city,
        state_code,
        country_code,
        lifecycle_stage,
        traffic_source,

        -- classes
        {{ brewhouse_utils.banded('lead_score', var('lead_temperature_floors')) }}
            as lead_temperature,
        case
            when fault_count = 0 then 'complete'
            when fault_count <= 2 then 'partial'
            else 'poor'
        end as contact_data_quality,
        {{ brewhouse_utils.mapped('traffic_source', var('channel_groups'), 'other') }}
            as attribution_channel_group,
        {{ brewhouse_utils.banded('days_since_creation', var('contact_age_floors')) }}
            as contact_age_category,

        -- numerics
        lead_score,
        {{ brewhouse_utils.place_in_list(
            'lifecycle_stage', var('lifecycle_stages') | reject('equalto', 'other')
        ) }} as lifecycle_stage_order,
        days_since_creation,
        days_since_last_update,

        -- booleans
        archived,
        contact_email is null as missing_email,
        invalid_email_format,
        first_name is null or last_name is null as missing_name,
        company_name is null as missing_company,
        traffic_source is null as missing_attribution,

        -- times
        last_contacted_at,
        contact_created_at,
        contact_modified_at,
        synced_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from faults
)

select * from categorised
