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

{%- for fact, columns in moments.items() %}
{{ 'union all' if not loop.first }}
select
    '{{ fact }}' as fact_name,
    count(*) as rows_ahead
from {{ ref(fact) }}
where
    {% for column in columns -%}
    {{ 'or ' if not loop.first }}{{ column }} > {{ brewhouse_utils.as_of() }}
    {% endfor -%}
having count(*) > 0
{%- endfor %}
