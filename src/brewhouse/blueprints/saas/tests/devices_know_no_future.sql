{#- What is dated after as_of, in any fact of devices and locations. -#}
{%- set moments = {
    'fact_devices__service': ['started_at', 'ended_at'],
    'fact_locations__service': ['started_at', 'ended_at'],
    'fact_devices__downtimes': ['failed_at', 'maintained_at', 'ended_at'],
    'fact_devices__states': ['changed_at', 'previous_maintenance_at'],
    'fact_devices__hourly': ['hour_timestamp'],
    'fact_devices__downtime_hours': ['hour_timestamp'],
    'fact_locations__daily': ['cast(activity_date as timestamp)'],
    'fact_locations__stands': ['cast(changed_on as timestamp)'],
} -%}

{%- set parts = [] -%}
{%- for fact, columns in moments.items() -%}
    {%- for column in columns -%}
        {%- do parts.append({'fact': fact, 'column': column}) -%}
    {%- endfor -%}
{%- endfor -%}

with

latest_moments as (
    {% for part in parts -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ part.fact }}' as fact_name,
        max({{ part.column }}) as latest_moment
    from {{ ref(part.fact) }}
    {% endfor %}
)

select * from latest_moments
where latest_moment > {{ brewhouse_utils.as_of() }}
