{{ config(materialized='view') }}

with

fact_locations__daily as (
    select * from {{ ref('fact_locations__daily') }}
),

own as (
    select
        location_id,
        {{ brewhouse_utils.week_start('activity_date') }} as week_start_date,
        {%- for column in location_day_columns() + ['downtime_seconds'] %}
        cast(sum({{ column }}) as {{ tap_event_type(column) }}) as {{ column }},
        {%- endfor %}
        {{ brewhouse_utils.count_if('total_events > 0') }} as active_days
    from fact_locations__daily
    group by location_id, {{ brewhouse_utils.week_start('activity_date') }}
),

-- Thirty days later a day is no longer among the last 30: not in the sum at the end of that week.
gone as (
    select
        location_id,
        {{ brewhouse_utils.week_start('activity_date + 30') }} as week_start_date,
        {%- for column in location_window_columns() %}
        cast(sum({{ column }}) as {{ tap_event_type(column) }}) as {{ column }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from fact_locations__daily
    where activity_date + 30 <= cast({{ brewhouse_utils.as_of() }} as date)
    group by location_id, {{ brewhouse_utils.week_start('activity_date + 30') }}
)

select
    coalesce(own.location_id, gone.location_id) as location_id,
    coalesce(own.week_start_date, gone.week_start_date) as week_start_date,
    coalesce(own.active_days, 0) as active_days,
    {%- for column in location_week_columns() %}
    coalesce(own.{{ column }}, 0) as {{ column }},
    {%- endfor %}
    {%- for column in location_window_columns() %}
    cast(
        coalesce(own.{{ column }}, 0) - coalesce(gone.{{ column }}, 0)
        as {{ tap_event_type(column) }}
    ) as {{ column }}_in_window
    {{- ',' if not loop.last }}
    {%- endfor %}
from own
full outer join gone
    on
        own.location_id = gone.location_id
        and own.week_start_date = gone.week_start_date
