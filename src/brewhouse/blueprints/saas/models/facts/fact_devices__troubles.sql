{%- set never = "date '9999-12-31'" -%}

with

fact_devices__downtimes as (
    select * from {{ ref('fact_devices__downtimes') }}
    where failed_at <= {{ brewhouse_utils.as_of() }}
),

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
),

-- A device that went out of service is nobody's trouble any more.
downtimes as (
    select
        fact_devices__downtimes.device_id,
        fact_devices__downtimes.account_id,
        cast(fact_devices__downtimes.failed_at as date) as failed_on,
        coalesce(cast(stg_app_database__locations.closed_at as date), {{ never }}) as closed_on,
        case
            when fact_devices__downtimes.ended_at <= {{ brewhouse_utils.as_of() }}
                then cast(fact_devices__downtimes.ended_at as date) + {{ var('trouble_days') }}
            else {{ never }}
        end as calm_on
    from fact_devices__downtimes
    inner join stg_app_database__locations
        on fact_devices__downtimes.location_id = stg_app_database__locations.location_id
),

placed as (
    select
        device_id,
        account_id,
        failed_on,
        least(calm_on, closed_on) as calm_on,
        max(calm_on) over (
            partition by device_id order by failed_on, calm_on
            rows between unbounded preceding and 1 preceding
        ) as calm_before
    from downtimes
    where failed_on < closed_on
),

numbered as (
    select
        *,
        sum(case when calm_before >= failed_on then 0 else 1 end) over (
            partition by device_id order by failed_on, calm_on
            rows between unbounded preceding and current row
        ) as trouble_number
    from placed
)

select
    device_id,
    account_id,
    min(failed_on) as troubled_from,
    nullif(max(calm_on), {{ never }}) as calm_from,
    count(*) as downtimes
from numbered
group by device_id, account_id, trouble_number
