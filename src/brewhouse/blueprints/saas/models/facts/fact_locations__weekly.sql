{{ config(materialized='view') }}

{%- set so_far = 'over (partition by weeks.location_id order by weeks.period_start
            rows between unbounded preceding and current row)' -%}
{%- set own = location_day_columns() + ['downtime_seconds', 'active_days'] -%}
{%- set as_of = brewhouse_utils.as_of() -%}

with

lives as (
    select
        location_id,
        cast(location_created_at as date) as first_day,
        least(
            cast({{ as_of }} as date),
            coalesce(cast(closed_at as date) + 30, cast({{ as_of }} as date))
        ) as last_day
    from {{ ref('stg_app_database__locations') }}
    where location_created_at <= {{ as_of }}
),

fact_locations__week_sums as (
    select * from {{ ref('fact_locations__week_sums') }}
),

fact_locations__week_devices as (
    select * from {{ ref('fact_locations__week_devices') }}
),

weeks as (
    {{ brewhouse_utils.periods('lives', 'location_id', 'first_day', 'last_day', 'week') }}
),

-- The last week ends with as_of; the others with the first moment of the next.
running as (
    select
        weeks.location_id,
        weeks.period_start as week_start_date,
        least(cast(weeks.period_start + 7 as timestamp), {{ as_of }}) as week_ends_at,
        cast(weeks.period_start as timestamp) as week_begins_at,
        cast(
            least(cast(weeks.period_start + 6 as date), cast({{ as_of }} as date)) - 29 as timestamp
        ) as window_begins_at,
        {%- for column in own %}
        coalesce(fact_locations__week_sums.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        coalesce(fact_locations__week_devices.active_devices, 0) as active_devices,
        coalesce(fact_locations__week_devices.beverage_types_served, 0) as beverage_types_served,
        {%- for column in location_window_columns() %}
        cast(coalesce(sum(fact_locations__week_sums.{{ column }}_in_window) {{ so_far }}, 0)
            as {{ tap_event_type(column) }}) as {{ column }}_30d,
        {%- endfor %}
        coalesce(fact_locations__week_sums.devices, 0) as devices_added,
        coalesce(fact_locations__week_sums.started_seconds, 0) as started_seconds_added,
        {%- for column in location_stand_columns() %}
        cast(coalesce(sum(fact_locations__week_sums.{{ column }}) {{ so_far }}, 0) as bigint)
            as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from weeks
    left join fact_locations__week_sums
        on
            weeks.location_id = fact_locations__week_sums.location_id
            and weeks.period_start = fact_locations__week_sums.week_start_date
    left join fact_locations__week_devices
        on
            weeks.location_id = fact_locations__week_devices.location_id
            and weeks.period_start = fact_locations__week_devices.week_start_date
)

select
    *,
    devices * {{ epoch_seconds('week_ends_at') }} - started_seconds
    - (devices_30d_ago * {{ epoch_seconds('window_begins_at') }} - started_seconds_30d_ago)
        as service_seconds_30d,
    devices * {{ epoch_seconds('week_ends_at') }} - started_seconds
    - (
        (devices - devices_added) * {{ epoch_seconds('week_begins_at') }}
        - (started_seconds - started_seconds_added)
    ) as service_seconds
from running
