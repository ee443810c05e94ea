with

known_accounts as (
    select account_id from {{ ref('base_app_database__accounts') }}
    where data_quality_flag = 'valid'
),

raw_users as (
    select * from {{ source('app_database', 'app_database_users') }}
),

parsed as (
    select
        -- ids
        {{ brewhouse_utils.clean_id('id') }} as user_id,
        {{ brewhouse_utils.clean_id('customer_id') }} as account_id,

        -- text
        {{ brewhouse_utils.clean_id('first_name') }} as first_name,
        {{ brewhouse_utils.clean_id('last_name') }} as last_name,
        {{ brewhouse_utils.clean_text('email') }} as email,
        {{ brewhouse_utils.clean_text('role') }} as user_role,
        {{ brewhouse_utils.clean_text('experiment_variant') }} as experiment_variant,

        -- booleans
        is_active,

        -- times
        created_date,
        last_login_date,
        last_login_at,
        created_at as user_created_at,
        updated_at as user_updated_at,

        -- raw keys
        _source_file,
        _source_row,
        _loaded_at,
        _dlt_load_id
    from raw_users
),

judged as (
    select
        parsed.user_id,
        parsed.user_updated_at,
        parsed._loaded_at,
        parsed._source_file,
        parsed._source_row,
        case
            when parsed.user_id is null then 'missing_id'
            when parsed.account_id is null then 'missing_parent'
            when known_accounts.account_id is null then 'unknown_parent'
            else 'valid'
        end as verdict
    from parsed
    left join known_accounts on parsed.account_id = known_accounts.account_id
),

flagged as (
    {{ brewhouse_utils.flagged(
        'parsed', 'judged', 'user_id',
        ['user_updated_at desc nulls last', '_loaded_at desc nulls last']
    ) }}
)

select * from flagged
