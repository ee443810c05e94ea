{#- The latest moment in each fact of devices and locations lies before as_of. -#}
{%- set moments = {
    'fact_devices__service': 'greatest(max(started_at), max(ended_at))',
    'fact_locations__service': 'greatest(max(started_at), max(ended_at))',
    'fact_devices__downtimes': 'greatest(max(failed_at), max(maintained_at), max(ended_at))',
    'fact_devices__states': 'greatest(max(changed_at), max(previous_maintenance_at))',
    'fact_devices__hourly': 'max(hour_timestamp)',
    'fact_devices__downtime_hours': 'max(hour_timestamp)',
    'fact_locations__daily': 'max(cast(activity_date as timestamp))',
    'fact_locations__stands': 'max(cast(changed_on as timestamp))',
} %}

with

latest_moments as (
    {% for fact, latest in moments.items() -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ fact }}' as fact_name,
        {{ latest }} as latest_moment
    from {{ ref(fact) }}
    {% endfor %}
)

select * from latest_moments
where latest_moment > {{ brewhouse_utils.as_of() }}
