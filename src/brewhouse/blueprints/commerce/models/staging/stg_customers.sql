with

base_customers as (
    select * from {{ ref('base_customers') }}
),

valid_customers as (
    select
        -- ids
        customer_id,

        -- text
        {{ brewhouse_utils.joined_text(['first_name', 'last_name'], ' ') }} as customer_name,
        email,
        phone,
        address,
        city,
        state,
        zip_code,

        -- times and classes
        registration_date as signup_date,
        customer_segment,
        {{ brewhouse_utils.date_diff_days('registration_date', brewhouse_utils.as_of()) }}
            as days_since_signup,
        {{ brewhouse_utils.month_start('registration_date') }} as signup_month,
        cast(extract(year from registration_date) as bigint) as signup_year,

        -- beyond the published columns
        _source_file,
        _source_row
    from base_customers
    where data_quality_flag = 'valid'
)

select * from valid_customers
