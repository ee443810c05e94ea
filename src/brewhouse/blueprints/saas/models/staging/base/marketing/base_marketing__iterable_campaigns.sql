with

raw_iterable_campaigns as (
    select * from {{ source('marketing', 'iterable_campaigns') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as campaign_id,

        -- text
        {{ brewhouse_utils.clean_id('name') }} as campaign_name,
        {{ brewhouse_utils.clean_text('campaign_type') }} as campaign_type,
        {{ brewhouse_utils.clean_text('status') }} as campaign_status,
        {{ brewhouse_utils.clean_text('message_medium') }} as message_medium,
        labels,

        -- numerics
        cast(send_size as bigint) as send_size,

        -- times
        created_at_source,
        updated_at_source,
        start_at,
        ended_at,
        created_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_iterable_campaigns
),

judged as (
    select
        campaign_id,
        created_at,
        _loaded_at,
        _source_file,
        _source_row,
        case
            when campaign_id is null then 'missing_id'
            else 'valid'
        end as verdict
    from parsed
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'campaign_id',
        ['created_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
