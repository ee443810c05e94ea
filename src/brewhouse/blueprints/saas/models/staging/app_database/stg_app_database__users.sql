with

base_users as (
    select * from {{ ref('base_app_database__users') }}
),

-- A login's moment and its day come separately; the later of the two is known best.
logins as (
    select
        *,
        greatest(last_login_date, cast(last_login_at as date)) as last_login_on,
        {{ brewhouse_utils.date_diff_days(
            'greatest(last_login_date, cast(last_login_at as date))', brewhouse_utils.as_of()
        ) }} as days_since_last_login,
        {{ brewhouse_utils.date_diff_days('user_created_at', brewhouse_utils.as_of()) }}
            as account_age_days
    from base_users
    where data_quality_flag = 'valid'
),

valid_users as (
    select
        -- ids
        user_id,
        {{ brewhouse_utils.surrogate_key(['user_id']) }} as user_key,
        account_id,

        -- text
        first_name,
        last_name,
        {{ brewhouse_utils.joined_text(['first_name', 'last_name'], ' ') }} as full_name,
        email,
        nullif(split_part(email, '@', 2), '') as email_domain,
        user_role,
        experiment_variant,

        -- classes
        {{ brewhouse_utils.mapped('user_role', var('role_categories'), 'other') }} as role_category,
        {{ var('user_roles') | length + 1 }}
        - {{ brewhouse_utils.place_in_list('user_role', var('user_roles')) }} as permission_level,
        case
            when not is_active then 'disabled'
            when last_login_on is null then 'never_logged_in'
            when days_since_last_login <= {{ var('active_user_days') }} then 'active'
            else 'dormant'
        end as user_status,
        case
            when not is_active then 'disabled'
            when account_age_days < {{ var('new_user_days') }} then 'new'
            when days_since_last_login <= {{ var('active_user_days') }} then 'active'
            when days_since_last_login <= {{ var('lapsed_user_days') }} then 'lapsing'
            else 'lapsed'
        end as lifecycle_stage,

        -- booleans
        is_active,
        email is null as missing_email,
        email not like '%_@_%._%' as invalid_email,
        first_name is null as missing_first_name,
        last_name is null as missing_last_name,

        -- times
        created_date,
        last_login_on as last_login_date,
        last_login_at,
        days_since_last_login,
        account_age_days,
        user_created_at,
        user_updated_at,

        -- bookkeeping
        {{ brewhouse_utils.built_at() }} as _stg_loaded_at,
        _source_file,
        _source_row
    from logins
)

select * from valid_users
