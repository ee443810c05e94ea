{%- set so_far = 'over (partition by weeks.location_id order by weeks.period_start
            rows between unbounded preceding and current row)' -%}
{%- set by_location = 'over (partition by weeks.location_id order by weeks.period_start)' -%}
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

week_sums as (
    select * from {{ ref('fact_locations__week_sums') }}
),

week_stands as (
    select
        location_id,
        {{ brewhouse_utils.week_start('changed_on') }} as week_start_date,
        {{ typed_sums_of(location_stand_columns()) }}
    from {{ ref('fact_locations__stands') }}
    group by location_id, {{ brewhouse_utils.week_start('changed_on') }}
),

weeks as (
    {{ brewhouse_utils.periods('lives', 'location_id', 'first_day', 'last_day', 'week') }}
)

select
    weeks.location_id,
    weeks.period_start as week_start_date,
    {{ columns_or_zero('week_sums', ['active_days'] + location_week_columns()) }},
    {%- for name, column in {
        'taps': 'total_events', 'volume': 'total_volume_ml', 'quality': 'quality_issues',
    }.items() %}
    cast(
        coalesce(week_sums.{{ column }}, 0)
        - lag(coalesce(week_sums.{{ column }}, 0)) {{ by_location }}
        as {{ tap_event_type(column) }}
    ) as {{ name }}_wow_change,
    {%- endfor %}
    {%- for column in location_window_columns() %}
    cast(
        coalesce(sum(week_sums.{{ column }}_in_window) {{ so_far }}, 0)
        as {{ tap_event_type(column) }}
    ) as {{ column }}_30d,
    {%- endfor %}
    {%- for column in location_stand_columns() %}
    cast(coalesce(sum(week_stands.{{ column }}) {{ so_far }}, 0) as bigint) as {{ column }},
    {%- endfor %}
    coalesce(week_stands.devices, 0) as devices_added,
    coalesce(week_stands.started_seconds, 0) as started_seconds_added
from weeks
left join week_sums
    on
        weeks.location_id = week_sums.location_id
        and weeks.period_start = week_sums.week_start_date
left join week_stands
    on
        weeks.location_id = week_stands.location_id
        and weeks.period_start = week_stands.week_start_date
