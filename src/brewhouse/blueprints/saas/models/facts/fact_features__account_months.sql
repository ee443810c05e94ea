with

first_adoptions as (
    select * from {{ ref('fact_features__adoptions') }}
    where is_first_of_account
),

usage_records as (
    select
        stg_feature_usage.feature_name,
        stg_feature_usage.account_id,
        stg_feature_usage.user_id,
        stg_feature_usage.usage_date,
        stg_feature_usage.usage_month,
        stg_feature_usage.usage_count,
        first_adoptions.usage_id is null as is_use_again
    from {{ ref('stg_app_database__feature_usage') }} as stg_feature_usage
    left join first_adoptions on stg_feature_usage.usage_id = first_adoptions.usage_id
    where
        stg_feature_usage.feature_name is not null
        and stg_feature_usage.usage_timestamp <= {{ brewhouse_utils.as_of() }}
),

months as (
    select distinct
        month_start_date,
        month_end
    from {{ ref('fact_plans__months') }}
),

-- Sixty days up to the end of a month reach into two months before it.
months_seen as (
    {% for back in range(3) -%}
    {{ 'union all' if not loop.first }}
    select
        month_start_date,
        month_end,
        cast({{ brewhouse_utils.shift('month_start_date', -back, 'month') }} as date) as usage_month
    from months
    {% endfor %}
),

seen as (
    select
        usage_records.feature_name,
        usage_records.account_id,
        usage_records.user_id,
        usage_records.usage_count,
        usage_records.is_use_again,
        months_seen.month_start_date,
        months_seen.month_end,
        usage_records.usage_month = months_seen.month_start_date as is_in_month,
        usage_records.usage_date > months_seen.month_end - 30 as is_in_30d,
        usage_records.usage_date > months_seen.month_end - 60
        and usage_records.usage_date <= months_seen.month_end - 30 as is_in_30d_before
    from usage_records
    inner join months_seen on usage_records.usage_month = months_seen.usage_month
    where
        usage_records.usage_date <= months_seen.month_end
        and (
            usage_records.usage_date > months_seen.month_end - 60
            or usage_records.usage_month = months_seen.month_start_date
        )
)

select
    feature_name,
    account_id,
    month_start_date,
    month_end,
    {{ brewhouse_utils.count_if('is_in_month') }} as events_in_month,
    cast(sum(case when is_in_month then usage_count else 0 end) as bigint) as uses_in_month,
    count(distinct case when is_in_month then user_id end) as users_in_month,
    {{ brewhouse_utils.count_if('is_in_30d') }} as events_30d,
    cast(sum(case when is_in_30d then usage_count else 0 end) as bigint) as uses_30d,
    count(distinct case when is_in_30d then user_id end) as users_30d,
    {{ brewhouse_utils.count_if('is_in_30d_before') }} as events_30d_before,
    {{ brewhouse_utils.count_if('is_in_30d and is_use_again') }} > 0 as is_used_again_30d
from seen
group by feature_name, account_id, month_start_date, month_end
