{{ config(materialized='view') }}

with

fact_locations__daily as (
    select * from {{ ref('fact_locations__daily') }}
),

own as (
    select
        location_id,
        {{ brewhouse_utils.week_start('activity_date') }} as week_start_date,
        {{ typed_sums_of(location_day_columns() + ['downtime_seconds']) }},
        {{ brewhouse_utils.count_if('total_events > 0') }} as active_days
    from fact_locations__daily
    group by location_id, {{ brewhouse_utils.week_start('activity_date') }}
),

-- Thirty days later a day is no longer among the last 30: not in the sum at the end of that week.
gone as (
    select
        location_id,
        {{ brewhouse_utils.week_start('activity_date + 30') }} as week_start_date,
        {{ typed_sums_of(location_window_columns()) }}
    from fact_locations__daily
    where activity_date + 30 <= cast({{ brewhouse_utils.as_of() }} as date)
    group by location_id, {{ brewhouse_utils.week_start('activity_date + 30') }}
)

select
    coalesce(own.location_id, gone.location_id) as location_id,
    coalesce(own.week_start_date, gone.week_start_date) as week_start_date,
    {{ columns_or_zero('own', location_week_columns()) }},
    {%- for column in location_window_columns() %}
    cast(
        coalesce(own.{{ column }}, 0) - coalesce(gone.{{ column }}, 0)
        as {{ tap_event_type(column) }}
    ) as {{ column }}_in_window,
    {%- endfor %}
    coalesce(own.active_days, 0) as active_days
from own
full outer join gone
    on
        own.location_id = gone.location_id
        and own.week_start_date = gone.week_start_date
