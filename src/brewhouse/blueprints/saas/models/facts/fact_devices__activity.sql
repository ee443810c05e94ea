{%- set recent = 'event_date >= cast(' ~ brewhouse_utils.as_of() ~ ' as date) - 29' -%}

with

fact_devices__daily as (
    select
        *,
        {{ recent }} as is_recent
    from {{ ref('fact_devices__daily') }}
),

activity as (
    select
        device_id,
        min(first_event_at) as first_event_at,
        max(last_event_at) as last_event_at,
        max(last_pour_at) as last_pour_at,
        max(last_maintenance_at) as last_maintenance_at,
        count(*) as active_days_lifetime,
        cast(sum(total_events) as bigint) as total_events_lifetime,
        cast(sum(total_volume_ml) as decimal(18, 2)) as total_volume_ml_lifetime,
        {{ brewhouse_utils.count_if('is_recent') }} as active_days_30d,
        {%- for column in ['maintenance_events', 'cleaning_events', 'error_events'] %}
        cast(coalesce(sum(case when is_recent then {{ column }} end), 0) as bigint)
            as {{ column }}_30d,
        {%- endfor %}
        {%- for measure in event_measures() %}
        cast(coalesce(sum(case when is_recent then {{ measure }}_sum end), 0) as decimal(18, 2))
            as {{ measure }}_sum_30d,
        min(case when is_recent then min_{{ measure }} end) as min_{{ measure }}_30d,
        max(case when is_recent then max_{{ measure }} end) as max_{{ measure }}_30d,
        {%- endfor %}
        cast(coalesce(sum(case when is_recent then total_active_seconds end), 0) as bigint)
            as active_seconds_30d
    from fact_devices__daily
    group by device_id
)

select * from activity
