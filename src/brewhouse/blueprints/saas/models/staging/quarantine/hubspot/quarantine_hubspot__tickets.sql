with

raw_tickets as (
    select * from {{ source('hubspot', 'hubspot_tickets') }}
),

base_hubspot__tickets as (
    select * from {{ ref('base_hubspot__tickets') }}
),

rejections as (
    select
        _source_file,
        _source_row,
        data_quality_flag as reason
    from base_hubspot__tickets
    where data_quality_flag <> 'valid'
),

rejected_rows as (
    select
        raw_tickets.id,
        raw_tickets.properties,
        raw_tickets.associations,
        raw_tickets.subject,
        raw_tickets.content,
        raw_tickets.hs_pipeline,
        raw_tickets.hs_pipeline_stage,
        raw_tickets.hs_ticket_priority,
        raw_tickets.createdate,
        raw_tickets.hs_lastmodifieddate,
        raw_tickets.archived,
        raw_tickets.created_at,
        raw_tickets._source_file,
        raw_tickets._source_row,
        raw_tickets._loaded_at,
        raw_tickets._dlt_load_id,
        rejections.reason
    from raw_tickets
    inner join rejections
        on
            raw_tickets._source_file = rejections._source_file
            and raw_tickets._source_row = rejections._source_row
)

select * from rejected_rows
