{{ config(materialized='view') }}

with

fact_locations__stands as (
    select * from {{ ref('fact_locations__stands') }}
)

select
    location_id,
    {{ brewhouse_utils.week_start('changed_on') }} as week_start_date,
    {{ typed_sums_of(location_stand_columns()) }}
from fact_locations__stands
group by location_id, {{ brewhouse_utils.week_start('changed_on') }}
