{{ config(materialized='view') }}

{%- set today = 'cast(' ~ brewhouse_utils.as_of() ~ ' as date)' -%}

with

fact_locations__daily as (
    select * from {{ ref('fact_locations__daily') }}
),

fact_locations__stands as (
    select * from {{ ref('fact_locations__stands') }}
),

-- A day counts in its week; in sums of 30 days it counts from its day on until it leaves them thirty days later.
parts as (
    select
        location_id,
        {{ brewhouse_utils.week_start('activity_date') }} as week_start_date,
        {%- for column in location_day_columns() + ['downtime_seconds'] %}
        {{ column }},
        {%- endfor %}
        {%- for column in location_window_columns() %}
        {{ column }} as {{ column }}_in_window,
        {%- endfor %}
        case when total_events > 0 then 1 else 0 end as active_days,
        {%- for column in location_stand_columns() %}
        0 as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from fact_locations__daily
    union all
    select
        location_id,
        {{ brewhouse_utils.week_start('activity_date + 30') }} as week_start_date,
        {%- for column in location_day_columns() + ['downtime_seconds'] %}
        0 as {{ column }},
        {%- endfor %}
        {%- for column in location_window_columns() %}
        -{{ column }} as {{ column }}_in_window,
        {%- endfor %}
        0 as active_days,
        {%- for column in location_stand_columns() %}
        0 as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from fact_locations__daily
    where activity_date + 30 <= {{ today }}
    union all
    select
        location_id,
        {{ brewhouse_utils.week_start('changed_on') }} as week_start_date,
        {%- for column in location_day_columns() + ['downtime_seconds'] %}
        0 as {{ column }},
        {%- endfor %}
        {%- for column in location_window_columns() %}
        0 as {{ column }}_in_window,
        {%- endfor %}
        0 as active_days,
        {%- for column in location_stand_columns() %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from fact_locations__stands
)

select
    location_id,
    week_start_date,
    {%- for column in location_day_columns() + ['downtime_seconds', 'active_days'] %}
    cast(sum({{ column }}) as {{ tap_event_type(column) }}) as {{ column }},
    {%- endfor %}
    {%- for column in location_window_columns() %}
    cast(sum({{ column }}_in_window) as {{ tap_event_type(column) }}) as {{ column }}_in_window,
    {%- endfor %}
    {%- for column in location_stand_columns() %}
    cast(sum({{ column }}) as bigint) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from parts
group by location_id, week_start_date
