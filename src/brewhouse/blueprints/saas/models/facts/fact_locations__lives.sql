{{ config(materialized='view') }}

{%- set as_of = brewhouse_utils.as_of() -%}

with

stg_app_database__locations as (
    select * from {{ ref('stg_app_database__locations') }}
    where location_created_at <= {{ as_of }}
)

select
    location_id,
    cast(location_created_at as date) as first_day,
    least(
        cast({{ as_of }} as date),
        coalesce(cast(closed_at as date) + 30, cast({{ as_of }} as date))
    ) as last_day
from stg_app_database__locations
