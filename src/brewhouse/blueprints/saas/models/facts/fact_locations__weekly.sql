{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ brewhouse_utils.reopen(
        'week_start_date', grain='week', key='location_id', again=ref('fact_locations__returns')
    ) }}",
) }}

{%- set by_location = 'over (partition by location_id order by week_start_date)' -%}
{%- set so_far = 'over (partition by location_id order by week_start_date
            rows between unbounded preceding and current row)' -%}
{%- set changes = {
    'taps': 'total_events', 'volume': 'total_volume_ml', 'quality': 'quality_issues',
} -%}
{%- set own = ['location_id', 'week_start_date', 'active_days'] + location_week_columns() -%}
{%- set added = ['devices_added', 'started_seconds_added'] -%}

with

lives as (
    select * from {{ ref('fact_locations__lives') }}
),

week_sums as (
    {{ brewhouse_utils.rows_to_add(
        ref('fact_locations__week_sums'), 'week_start_date', key='location_id',
        again=ref('fact_locations__returns')
    ) }}
),

week_stands as (
    select * from {{ ref('fact_locations__week_stands') }}
),

further_lives as (
    {{ brewhouse_utils.further_lives(
        'lives', 'location_id', 'first_day', 'last_day', 'week', 'week_start_date'
    ) }}
),

weeks as (
    {{ brewhouse_utils.periods('further_lives', 'location_id', 'first_day', 'last_day', 'week') }}
),

-- What each week adds; a week that is kept adds all that was before it.
additions as (
    select
        weeks.location_id,
        weeks.period_start as week_start_date,
        {{ columns_or_zero('week_sums', ['active_days'] + location_week_columns()) }},
        {%- for column in location_window_columns() %}
        week_sums.{{ column }}_in_window as {{ column }}_30d,
        {%- endfor %}
        {{ own_columns('week_stands', location_stand_columns()) }},
        coalesce(week_stands.devices, 0) as devices_added,
        coalesce(week_stands.started_seconds, 0) as started_seconds_added,
        false as is_kept
    from weeks
    left join week_sums
        on
            weeks.location_id = week_sums.location_id
            and weeks.period_start = week_sums.week_start_date
    left join week_stands
        on
            weeks.location_id = week_stands.location_id
            and weeks.period_start = week_stands.week_start_date
    {%- if is_incremental() %}
    union all
    select
        {{ own_columns('kept', own) }},
        {%- for column in location_window_columns() %}
        {{ column }}_30d,
        {%- endfor %}
        {{ own_columns('kept', location_stand_columns() + added) }},
        true as is_kept
    from ({{ brewhouse_utils.last_rows('location_id', 'week_start_date') }}) as kept
    {%- endif %}
),

running as (
    select
        {{ own_columns('additions', own + added) }},
        {%- for name, column in changes.items() %}
        cast({{ column }} - lag({{ column }}) {{ by_location }} as {{ tap_event_type(column) }})
            as {{ name }}_wow_change,
        {%- endfor %}
        {%- for column in location_window_columns() %}
        cast(
            coalesce(sum({{ column }}_30d) {{ so_far }}, 0) as {{ tap_event_type(column) }}
        ) as {{ column }}_30d,
        {%- endfor %}
        {%- for column in location_stand_columns() %}
        cast(coalesce(sum({{ column }}) {{ so_far }}, 0) as bigint) as {{ column }},
        {%- endfor %}
        is_kept
    from additions
)

select
    {%- for name in changes %}
    {{ name }}_wow_change,
    {%- endfor %}
    {%- for column in location_window_columns() %}
    {{ column }}_30d,
    {%- endfor %}
    {{ own_columns('running', own + location_stand_columns() + added) }}
from running
where not is_kept
