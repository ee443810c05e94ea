with

base_hubspot__tickets as (
    select * from {{ ref('base_hubspot__tickets') }}
),

clock as (
    select {{ brewhouse_utils.as_of() }} as as_of
),

valid_tickets as (
    select
        base_hubspot__tickets.*,
        case
            when base_hubspot__tickets.closed_at >= base_hubspot__tickets.created_at
                then {{ brewhouse_utils.seconds_between('created_at', 'closed_at') }}
        end as resolution_seconds,
        {{ brewhouse_utils.date_diff_days('created_at', 'clock.as_of') }} as ticket_age_days,
        case base_hubspot__tickets.priority
            {% for priority, hours in var('ticket_sla_hours').items() -%}
            when '{{ priority }}' then {{ brewhouse_utils.shift('created_at', hours, 'hours') }}
            {% endfor -%}
        end as due_at,
        clock.as_of
    from base_hubspot__tickets
    cross join clock
    where base_hubspot__tickets.data_quality_flag = 'valid'
),

categorised as (
    select
        -- ids
        ticket_id,
        hubspot_company_id,
        hubspot_contact_id,
        hubspot_deal_id,
        owner_id,
        company_ids,
        contact_ids,
        deal_ids,

        -- text
        subject,
        content,
        pipeline,
        status,
        priority,
        ticket_category,
        source_type,

        -- classes
        case
            when closed_at is not null or status = 'closed' then 'closed'
            when status = 'waiting_on_contact' then 'waiting'
            else 'open'
        end as status_category,
        {{ brewhouse_utils.mapped(
            'ticket_category', var('ticket_category_groups'), 'other'
        ) }} as ticket_category_group,
        case
            when closed_at <= due_at then 'met'
            when closed_at > due_at then 'missed'
            when status = 'closed' or due_at is null then null
            when as_of > due_at then 'overdue'
            else 'in_time'
        end as sla_status,
        data_quality_flag,

        -- numerics
        {{ brewhouse_utils.place_in_list('priority', var('ticket_priorities')) }} as priority_rank,
        {{ brewhouse_utils.ratio('resolution_seconds', 3600, 2) }} as resolution_time_hours,
        {{ brewhouse_utils.ratio('resolution_seconds', 86400, 2) }} as resolution_time_days,
        ticket_age_days,

        -- booleans
        archived,

        -- times
        created_at,
        updated_at,
        due_at,
        closed_at,
        synced_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _dbt_inserted_at,
        _source_file,
        _source_row
    from valid_tickets
)

select * from categorised
