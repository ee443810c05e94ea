with

fact_locations__service as (
    select * from {{ ref('fact_locations__service') }}
),

numbered as (
    select
        *,
        row_number() over (partition by location_id order by started_at) as stretch_number
    from fact_locations__service
)

select
    location_id,
    account_id,
    cast(max(started_at) as date) as changed_on
from numbered
where stretch_number > 1
group by location_id, account_id
